package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The demo as it is run from the jar, in a process of its own.
@Timeout(60)
final class PackagedDemoIT {
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin http://\\S+\\)");

  private Process demo;

  @BeforeEach
  void start() throws IOException {
    demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("gatehouse.jar"),
                "demo",
                "--port",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  @AfterEach
  void stop() {
    demo.destroyForcibly();
  }

  @Test
  void demoFromTheJarServesThePackedPage() throws Exception {
    HttpResponse<String> page = get(ready().resolve("/"));
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("gatehouse.js"), page.body());
  }

  @Test
  void filesBesideThePackedPageAreNotServed() throws Exception {
    URI gate = ready();
    assertEquals(200, get(gate.resolve("/style.css")).statusCode());
    assertEquals(404, get(gate.resolve("/config/demo.yaml")).statusCode());
  }

  @Test
  void demoThatIsAskedToStopEndsWithZero() throws Exception {
    ready();
    demo.destroy();
    assertTrue(demo.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, demo.exitValue());
  }

  private URI ready() throws IOException {
    BufferedReader out = demo.inputReader();
    String line = out.readLine();
    assertNotNull(line, "the demo ended before it was ready");
    Matcher ready = READY.matcher(line);
    assertTrue(ready.matches(), line);
    return URI.create(ready.group(1));
  }

  private static HttpResponse<String> get(URI address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }
  }
}
