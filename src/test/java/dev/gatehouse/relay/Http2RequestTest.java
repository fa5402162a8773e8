package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What of a request is different over HTTP/2: no announcement of a body, no `Host`.
final class Http2RequestTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");

  @AfterEach
  void stop() throws Exception {
    upstream.close();
  }

  private RunningGatehouse.Builder gate() {
    return RunningGatehouse.towards(upstream.uri()).over(Transport.H2C);
  }

  /// A body that the client does not know the length of.
  private static RequestBody unannounced(String type, byte[] bytes) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return MediaType.get(type);
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        int middle = bytes.length / 2;
        sink.write(bytes, 0, middle);
        sink.flush();
        sink.write(bytes, middle, bytes.length - middle);
      }
    };
  }

  private static RequestBody json(String text) {
    return unannounced("application/json", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void jsonOfUnknownLengthIsEnriched() throws Exception {
    try (RunningGatehouse gate = gate().start()) {
      assertEquals(200, gate.browser().post(PATH, json(Browser.MESSAGE)).status());
      assertTrue(upstream.await().text().contains("\"userId\":\"user-1\""));
    }
  }

  @Test
  void jsonOfUnknownLengthBeyondTheLimitIsRefused() throws Exception {
    try (RunningGatehouse gate = gate().route("max-body-size: 64KiB").start()) {
      gate.browser()
          .post(PATH, json("{\"a\":\"" + "x".repeat(64 * 1024) + "\"}"))
          .assertProblem(ProblemCode.BODY_TOO_LARGE);
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void uploadOfUnknownLengthArrivesWhole() throws Exception {
    byte[] bytes = new byte[3 * 1024 * 1024];
    new Random(20_261_123).nextBytes(bytes);
    try (RunningGatehouse gate = gate().route("protocol: raw").start()) {
      gate.browser().with("X-CSRF", "1").post(PATH, unannounced("application/octet-stream", bytes));
      assertArrayEquals(bytes, upstream.await().body());
    }
  }

  @Test
  void requestWithoutABodyGetsNone() throws Exception {
    try (RunningGatehouse gate = gate().route("protocol: raw", "methods: [GET, DELETE]").start()) {
      assertEquals(200, gate.browser().get(PATH).status());
      assertWithoutBody(upstream.await());
      assertEquals(200, gate.browser().send("DELETE", PATH, null).status());
      assertWithoutBody(upstream.await());
    }
  }

  @Test
  void deleteMayCarryJsonOfUnknownLengthOrNothing() throws Exception {
    try (RunningGatehouse gate = gate().route("protocol: json", "methods: [DELETE]").start()) {
      assertEquals(200, gate.browser().send("DELETE", PATH, json("{\"a\":1}")).status());
      assertTrue(upstream.await().text().startsWith("{\"a\":1"));
      assertEquals(200, gate.browser().send("DELETE", PATH, null).status());
      assertWithoutBody(upstream.await());
    }
  }

  private static void assertWithoutBody(Received request) {
    assertEquals(Optional.empty(), request.header("Transfer-Encoding"));
    assertEquals(0, request.body().length);
  }

  @Test
  void authorityIsTheHostThatUpstreamsAreTold() throws Exception {
    try (RunningGatehouse gate =
        gate()
            .server("public-origins: ['https://app.example.com', 'https://second.example.com']")
            .start()) {
      gate.browser().with("Host", "second.example.com").post(PATH, Browser.MESSAGE);
      assertEquals("second.example.com", upstream.await().header("X-Forwarded-Host").orElseThrow());
    }
  }

  @Test
  void smallUploadThatCameWithItsHeadersArrivesWhole() throws Exception {
    try (RunningGatehouse gate = gate().route("protocol: raw").start();
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
      for (int stream = 1; stream < 60; stream += 2) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(Frames.bytes(Frames.HEADERS, Frames.END_HEADERS, stream, headers));
        both.writeBytes(Frames.bytes(Frames.DATA, Frames.END_STREAM, stream, body));
        frames.send(both.toByteArray()).next(Frames.HEADERS, stream);
        assertEquals("{}", upstream.await().text());
      }
    }
  }

  /// With REFUSED_STREAM, since the headers are gone before there is a request to answer.
  @Test
  void headersBeyondTheLimitReachNobody() throws Exception {
    try (RunningGatehouse gate = gate().server("max-header-size: 8KiB").start()) {
      Browser browser = gate.browser();
      Browser talkative = browser.with("X-Large", "x".repeat(9 * 1024));
      assertThrows(UncheckedIOException.class, () -> talkative.post(PATH, Browser.MESSAGE));
      assertEquals(200, browser.post(PATH, Browser.MESSAGE).status());
      assertEquals(1, upstream.requests().size());
    }
  }
}
