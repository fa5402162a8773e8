package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Certificates;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The shipped proxy configurations, run by the proxies they are for.
final class FrontTest {
  private static final String CLIENT = "127.0.0.2";
  private static final String FORGED = "203.0.113.9";
  private static final int PATIENCE_SECONDS = 10;

  @TempDir private Path folder;
  private final Certificates certificates = Certificates.ec();
  private final Semaphore further = new Semaphore(0);

  private HttpRequest question(Front front, RunningGatehouse gate) {
    String page = "{\"url\":\"https://app.example.com/\",\"title\":\"" + "x".repeat(9000) + "\"}";
    byte[] context = page.getBytes(StandardCharsets.UTF_8);
    return HttpRequest.newBuilder(front.uri().resolve(RunningGatehouse.PATH))
        .header("Sec-Fetch-Site", "same-origin")
        .header("Cookie", "auth_token=" + gate.issuer().tokenFor("user-1"))
        .header("X-Page-Context", Base64.getUrlEncoder().encodeToString(context))
        .header("X-Forwarded-For", FORGED)
        .header("Forwarded", "for=" + FORGED)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Browser.MESSAGE))
        .build();
  }

  private ScriptedUpstream agent() {
    return ScriptedUpstream.running((_, wire) -> {
      wire.send(ScriptedUpstream.eventStream());
      for (int i = 0; i < 3; i++) {
        wire.sendChunk("data: " + i + "\n\n");
        assertTrue(
            further.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "event " + i + " is there");
      }
      wire.sendLastChunk();
    });
  }

  @ParameterizedTest
  @EnumSource
  void eventsPassOneByOneAndTheClientIsKnown(Front.Kind kind) throws Exception {
    assumeTrue(kind.executable().isPresent(), kind + " is not installed, so nothing was tried");
    try (ScriptedUpstream agent = agent();
        RunningGatehouse gate =
            RunningGatehouse.towards(agent.uri())
                .server("trusted-proxies: [127.0.0.1]")
                .with("audit: {addresses: plain}")
                .start();
        LogCapture log = LogCapture.audit();
        Front front = Front.start(kind, folder, gate, certificates);
        HttpClient client =
            HttpClient.newBuilder()
                .localAddress(InetAddress.getByName(CLIENT))
                .sslContext(certificates.trust().sslContext())
                .build()) {
      HttpResponse<InputStream> answer =
          client.send(question(front, gate), BodyHandlers.ofInputStream());
      assertEquals(200, answer.statusCode());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        for (int i = 0; i < 3; i++) {
          assertEquals("data: " + i, lines.readLine());
          assertEquals("", lines.readLine());
          further.release();
        }
        assertNull(lines.readLine());
      }
      assertEquals(CLIENT, log.next().get("from"));
    }
  }
}
