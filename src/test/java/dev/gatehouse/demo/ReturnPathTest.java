package dev.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReturnPathTest {
  private final DemoSite site;

  ReturnPathTest() throws Exception {
    site = new DemoSite();
  }

  @AfterEach
  void stop() throws Exception {
    site.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/article", "/a/b.html", "/a/?q=1&r=2", "/a#part-2", "/?x=1"})
  void localPathIsReturnedTo(String path) throws IOException {
    DemoSite.Answer answer =
        site.send(site.sameOrigin("/demo/sign-in").post(DemoSite.signInThen(path)));
    assertEquals(path, answer.header("Location"));
    String escaped = path.replace("&", "&amp;");
    assertTrue(site.form(path).body().contains("name=\"return\" value=\"" + escaped + "\""));
  }

  @ParameterizedTest
  @MethodSource
  void pathThatCouldLeaveTheSiteGoesHome(String path) throws IOException {
    DemoSite.Answer answer =
        site.send(site.sameOrigin("/demo/sign-in").post(DemoSite.signInThen(path)));
    assertEquals(303, answer.status());
    assertEquals("/", answer.header("Location"));
    DemoSite.Answer out =
        site.send(site.sameOrigin("/demo/sign-out").post(DemoSite.form("return", path)));
    assertEquals("/", out.header("Location"));
    assertTrue(site.form(path).body().contains("name=\"return\" value=\"/\""));
  }

  static Stream<String> pathThatCouldLeaveTheSiteGoesHome() {
    return Stream.of(
        "",
        "article",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "/a//evil.example",
        "/a\\b",
        "/.//evil.example",
        "/..//evil.example",
        "/a/../b",
        "/./a",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: x=y",
        "/ /evil.example",
        " //evil.example",
        "\t//evil.example",
        "/%09/evil.example",
        "/%0a/evil.example",
        "/%0d%0aSet-Cookie:x",
        "/%20/evil.example",
        "/%2f/evil.example",
        "/%2F%2Fevil.example",
        "/%5cevil.example",
        "/%252fevil.example",
        "/\u00a0/evil.example",
        "/\u2028/evil.example",
        "/\uff0fevil.example",
        "/@evil.example",
        "/a\0b",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\"><script>alert(1)</script>",
        "/" + "a".repeat(600));
  }
}
