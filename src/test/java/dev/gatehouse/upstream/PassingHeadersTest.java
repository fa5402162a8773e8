package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.gatehouse.stream.Clocks;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is on the wire, and what OkHttp holds of it as long as an answer lasts.
@Timeout(30)
final class PassingHeadersTest {
  private final MockWebServer server = new MockWebServer();
  private final OkHttpClient client =
      new OkHttpClient.Builder().addNetworkInterceptor(PassingHeaders::write).build();

  @BeforeEach
  void start() throws Exception {
    server.enqueue(new MockResponse.Builder().body("pong").build());
    server.start();
  }

  @AfterEach
  void stop() {
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
    server.close();
  }

  @Test
  void tokenIsSentAndNotHeldByTheAnswer() throws Exception {
    Headers sent = Headers.of("Authorization", "Bearer canary", "Via", "1.1 gatehouse");
    PassingHeaders passing = new PassingHeaders(sent);
    try (Clocks clocks = new Clocks()) {
      Companions companions =
          new Companions(new ConnectClock(clocks, Duration.ZERO), new Arrival(), passing);
      Call call =
          client.newCall(
              new Request.Builder()
                  .url(server.url("/"))
                  .headers(PassingHeaders.KEPT)
                  .tag(Companions.class, companions)
                  .build());
      try (Response answer = passing.forgottenBy(call.execute())) {
        Headers received = server.takeRequest().getHeaders();
        assertEquals("Bearer canary", received.get("Authorization"));
        assertEquals("1.1 gatehouse", received.get("Via"));
        assertEquals("gatehouse", received.get("User-Agent"));
        assertEquals("identity", received.get("Accept-Encoding"));
        assertNull(call.request().header("Authorization"));
        assertNull(answer.request().header("Authorization"));
        assertNull(answer.networkResponse());
        assertEquals("pong", answer.body().string());
      }
    }
  }
}
