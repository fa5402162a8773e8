package dev.gatehouse.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The folder of static files that a configuration names.
final class WebappTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  @TempDir private Path outside;
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    Path folder = Files.createDirectories(outside.resolve("pages"));
    Files.writeString(outside.resolve("secret.txt"), "canary");
    Files.writeString(folder.resolve("index.html"), "<!doctype html><title>Home</title>");
    Files.writeString(folder.resolve("app.js"), "export {};");
    Files.createDirectories(folder.resolve("bare"));
    Files.writeString(folder.resolve("bare").resolve("listed.txt"), "x");
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub").resolve("index.html"), "sub");
    Files.writeString(folder.resolve(".env"), "canary");
    Files.writeString(Files.createDirectories(folder.resolve(".git")).resolve("config"), "canary");
    Path known = Files.createDirectories(folder.resolve(".well-known"));
    Files.writeString(known.resolve("security.txt"), "Contact: x");
    Files.writeString(known.resolve(".secret"), "canary");
    Files.createSymbolicLink(folder.resolve("link.txt"), outside.resolve("secret.txt"));
    gate = RunningGatehouse.towards(upstream.uri()).with("webapp: " + folder).start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  @Test
  void indexIsServedUnderAStrictPolicy() {
    Reply reply = gate.stranger().without("Sec-Fetch-Site").get("/");
    assertEquals(200, reply.status());
    assertTrue(reply.text().contains("Home"));
    assertTrue(reply.header("Content-Type").orElseThrow().startsWith("text/html"));
    assertEquals(Optional.of("no-cache"), reply.header("Cache-Control"));
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
    assertEquals(Optional.of("same-origin"), reply.header("Referrer-Policy"));
    String policy = reply.header("Content-Security-Policy").orElseThrow();
    assertTrue(policy.contains("default-src 'none'"), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals(Optional.empty(), reply.header("Server"));
  }

  @Test
  void browserThatHasAFileIsToldSo() {
    Reply first = gate.stranger().get("/app.js");
    assertTrue(first.header("Content-Type").orElseThrow().startsWith("text/javascript"));
    String etag = first.header("ETag").orElseThrow();
    Reply second = gate.stranger().with("If-None-Match", etag).get("/app.js");
    assertEquals(304, second.status());
    assertEquals(0, second.body().length);
    assertEquals(Optional.of(etag), second.header("ETag"));
  }

  @Test
  void partOfAFileCanBeAskedFor() {
    Reply reply = gate.stranger().with("Range", "bytes=0-5").get("/app.js");
    assertEquals(206, reply.status());
    assertEquals("export", reply.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bare", "/bare/", "/nowhere", "/sub/nowhere.html", "/link.txt"})
  void whatIsNotThereIsAProblem(String path) {
    Reply reply = gate.stranger().get(path);
    if (path.equals("/bare") && reply.status() == 302) {
      reply = gate.stranger().get("/bare/");
    }
    reply.assertProblem(ProblemCode.NOT_FOUND);
    assertFalse(reply.text().contains("listed"));
  }

  @Test
  void folderIsFoundByItsSlashWithoutBelievingTheHostHeader() throws Exception {
    assertEquals("sub", gate.stranger().get("/sub/").text());
    String head = head("/sub", "evil.example");
    assertTrue(head.startsWith("HTTP/1.1 302 "), head);
    assertTrue(head.contains("\r\nLocation: /sub/\r\n"), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E./secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/sub/..;/../secret.txt",
        "/%252e%252e/secret.txt",
        "/app.js%00.txt",
        "//etc/passwd",
        "/file:/etc/passwd"
      })
  void nothingOutsideTheFolderIsServed(String target) throws Exception {
    String head = head(target, "x");
    assertTrue(head.matches("(?s)HTTP/1\\.1 (400|404) .*"), head);
    String lower = head.toLowerCase(Locale.ROOT);
    assertTrue(lower.contains("\r\ncontent-type: application/problem+json\r\n"), head);
    assertTrue(lower.contains("\r\nx-request-id: "), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.env",
        "/%2eenv",
        "/%2Eenv",
        "/.git/config",
        "/%2egit/config",
        "/.well-known/.secret",
        "/%2ewell-known/%2esecret"
      })
  void hiddenFileIsServedInNoSpelling(String target) throws Exception {
    String head = head(target, "x");
    assertTrue(head.matches("(?s)HTTP/1\\.1 (400|404) .*"), head);
  }

  @Test
  void wellKnownFileIsNotHidden() {
    assertEquals("Contact: x", gate.stranger().get("/.well-known/security.txt").text());
  }

  private String head(String target, String host) throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      return wire.readHead();
    }
  }

  @Test
  void filesCanOnlyBeRead() {
    for (String method : List.of("POST", "PUT", "DELETE", "TRACE")) {
      RequestBody body = method.startsWith("P") ? RequestBody.create(new byte[0]) : null;
      Reply reply = gate.stranger().with("X-Canary", "canary").send(method, "/app.js", body);
      reply.assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
      assertTrue(reply.header("Allow").orElseThrow().contains("GET"));
      assertFalse(reply.text().contains("canary"));
    }
    assertEquals("export {};", gate.stranger().get("/app.js").text());
  }

  @Test
  void messageThatIsForNobodyIsNotFound() {
    RequestBody body = RequestBody.create(new byte[0]);
    gate.stranger().post("/api/elsewhere", body).assertProblem(ProblemCode.NOT_FOUND);
  }

  @Test
  void routesAndOwnPathsComeBeforeFiles() {
    assertEquals(405, gate.stranger().get(RunningGatehouse.PATH).status());
    assertTrue(gate.stranger().get("/bff/user").text().contains("authenticated"));
  }

  @Test
  void missingFolderServesNothing() throws Exception {
    try (RunningGatehouse bare =
        RunningGatehouse.towards(upstream.uri())
            .with("webapp: " + outside.resolve("missing"))
            .start()) {
      for (String path : List.of("/", "/index.html", "/pom.xml", "/webapp/index.html")) {
        bare.stranger().get(path).assertProblem(ProblemCode.NOT_FOUND);
      }
    }
  }
}
