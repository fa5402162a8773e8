package dev.gatehouse.upstream;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class Http2UpstreamTest {
  private final MockWebServer upstream = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    upstream.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    upstream.start();
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private RunningGatehouse gate() throws Exception {
    return RunningGatehouse.towards(
            URI.create("h2c://127.0.0.1:" + upstream.getPort() + "/chatkit"))
        .start();
  }

  @Test
  void requestsShareOneConnection() throws Exception {
    try (RunningGatehouse gate = gate()) {
      for (int i = 0; i < 10; i++) {
        upstream.enqueue(new MockResponse.Builder().body("{\"n\":" + i + "}").build());
        assertEquals("{\"n\":" + i + "}", gate.browser().post(PATH, Browser.MESSAGE).text());
        assertEquals(0, upstream.takeRequest().getConnectionIndex());
      }
    }
  }

  @Test
  void refusedStreamIsAskedAgain() throws Exception {
    try (RunningGatehouse gate = gate()) {
      upstream.enqueue(
          new MockResponse.Builder()
              .onRequestStart(new SocketEffect.CloseStream(7)) // REFUSED_STREAM
              .build());
      upstream.enqueue(new MockResponse.Builder().body("{}").build());
      assertEquals("{}", gate.browser().post(PATH, Browser.MESSAGE).text());
    }
  }

  @Test
  void resetStreamIsNotAskedAgain() throws Exception {
    try (RunningGatehouse gate = gate()) {
      upstream.enqueue(
          new MockResponse.Builder()
              .onResponseStart(new SocketEffect.CloseStream(2)) // INTERNAL_ERROR
              .build());
      assertTrue(gate.browser().post(PATH, Browser.MESSAGE).text().contains("\"error\""));
      assertEquals(1, upstream.getRequestCount());
    }
  }

  /// Counts what it could send before anybody read.
  private static final class Firehose implements MockResponseBody {
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch stalled = new CountDownLatch(1);

    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      byte[] block = new byte[16 * 1024];
      try {
        while (sent.get() < 64L * 1024 * 1024) {
          sink.write(block);
          sink.flush();
          sent.addAndGet(block.length);
        }
      } finally {
        stalled.countDown();
      }
    }
  }

  @Test
  void slowBrowserStopsTheServerWithinTheWindow() throws Exception {
    Firehose firehose = new Firehose();
    try (RunningGatehouse gate = gate()) {
      upstream.enqueue(new MockResponse.Builder().body(firehose).build());
      try (Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
        assertEquals(200, response.code());
        long sent = settled(firehose);
        assertTrue(sent < 1024 * 1024, "sent " + sent);
      }
      assertTrue(firehose.stalled.await(10, TimeUnit.SECONDS), "the server was not let go");
    }
  }

  /// What was sent once nothing more is.
  private static long settled(Firehose firehose) throws InterruptedException {
    long before = -1;
    while (before != firehose.sent.get()) {
      before = firehose.sent.get();
      firehose.stalled.await(500, TimeUnit.MILLISECONDS);
    }
    return before;
  }
}
