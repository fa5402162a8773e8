package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of any kind, passed on while they arrive.
final class UploadTest {
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 320;
  private static final String DONE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static RunningGatehouse raw(ScriptedUpstream upstream, String... more) throws Exception {
    String[] lines = new String[more.length + 2];
    lines[0] = "protocol: raw";
    lines[1] = "methods: [GET, HEAD, POST, PUT, DELETE]";
    System.arraycopy(more, 0, lines, 2, more.length);
    return RunningGatehouse.towards(upstream.uri()).route(lines).start();
  }

  private static String head(RunningGatehouse gate, String method, String more) {
    return method
        + " "
        + PATH
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nX-CSRF: 1\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\n"
        + more
        + "\r\n";
  }

  private static byte[] piece(int number) {
    byte[] bytes = new byte[PIECE];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private static byte[] digestOfAll() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < PIECES; i++) {
      digest.update(piece(i));
    }
    return digest.digest();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodyArrivesWhileItIsBeingSent(boolean announced) throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.receiving((request, wire) -> {
              assertEquals(announced, request.header("Content-Length").isPresent());
              all.complete(digest(wire, announced, first));
              wire.send(DONE);
            });
        RunningGatehouse gate = raw(upstream, "max-body-size: 32MiB");
        Wire wire = gate.wire()) {
      wire.send(head(gate, "POST", announced ? length() : "Transfer-Encoding: chunked\r\n"));
      for (int i = 0; i < PIECES; i++) {
        if (announced) {
          wire.send(piece(i));
        } else {
          wire.sendChunk(piece(i));
        }
        if (i == 0) {
          first.get(10, TimeUnit.SECONDS);
        }
      }
      if (!announced) {
        wire.sendLastChunk();
      }
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      assertArrayEquals(digestOfAll(), all.get(10, TimeUnit.SECONDS));
    }
  }

  private static String length() {
    return "Content-Length: " + (PIECE * PIECES) + "\r\n";
  }

  private static byte[] digest(Wire wire, boolean announced, CompletableFuture<byte[]> first)
      throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    int left = PIECE * PIECES;
    byte[] bytes = announced ? wire.read(1024) : wire.readChunk();
    first.complete(bytes);
    while (bytes.length > 0) {
      digest.update(bytes);
      left -= bytes.length;
      bytes = announced ? wire.read(Math.min(1024, left)) : wire.readChunk();
    }
    return digest.digest();
  }

  @Test
  void conditionsAndRangesCrossInBothDirections() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    """
                    HTTP/1.1 206 Partial Content\r
                    Content-Range: bytes 2-3/9\r
                    Accept-Ranges: bytes\r
                    ETag: "v"\r
                    Content-Type: text/x\r
                    Last-Modified: Mon, 02 Nov 2026 00:00:00 GMT\r
                    Content-Disposition: attachment\r
                    Content-Length: 2\r
                    \r
                    cd\
                    """));
        RunningGatehouse gate = raw(upstream)) {
      Reply reply =
          gate.browser()
              .with("Range", "bytes=2-3")
              .with("If-Range", "\"v\"")
              .with("If-Match", "\"m\"")
              .with("If-None-Match", "\"n\"")
              .with("If-Modified-Since", "Mon, 02 Nov 2026 00:00:00 GMT")
              .with("If-Unmodified-Since", "Tue, 03 Nov 2026 00:00:00 GMT")
              .get(PATH);
      Received received = upstream.await();
      assertEquals(Optional.of("bytes=2-3"), received.header("Range"));
      assertEquals(Optional.of("\"v\""), received.header("If-Range"));
      assertEquals(Optional.of("\"m\""), received.header("If-Match"));
      assertEquals(Optional.of("\"n\""), received.header("If-None-Match"));
      assertTrue(received.header("If-Modified-Since").isPresent());
      assertTrue(received.header("If-Unmodified-Since").isPresent());
      assertEquals(206, reply.status());
      assertEquals("cd", reply.text());
      assertEquals(Optional.of("bytes 2-3/9"), reply.header("Content-Range"));
      assertEquals(Optional.of("bytes"), reply.header("Accept-Ranges"));
      assertEquals(Optional.of("\"v\""), reply.header("ETag"));
      assertEquals(Optional.of("attachment"), reply.header("Content-Disposition"));
      assertTrue(reply.header("Last-Modified").isPresent());
    }
  }

  @Test
  void notModifiedCrosses() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running(
                (_, wire) -> wire.send("HTTP/1.1 304 Not Modified\r\nETag: \"v\"\r\n\r\n"));
        RunningGatehouse gate = raw(upstream)) {
      Reply reply = gate.browser().with("If-None-Match", "\"v\"").get(PATH);
      assertEquals(304, reply.status());
      assertEquals(Optional.of("\"v\""), reply.header("ETag"));
    }
  }

  @Test
  void headCrossesWithTheLengthOfWhatGetWouldBring() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running(
                (_, wire) -> wire.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"));
        RunningGatehouse gate = raw(upstream)) {
      Reply reply = gate.browser().send("HEAD", PATH, null);
      assertEquals(200, reply.status());
      assertEquals(Optional.of("12345"), reply.header("Content-Length"));
      assertEquals("HEAD /chatkit HTTP/1.1", upstream.await().line());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void requestsWithoutABodyCross(String method) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "done");
        RunningGatehouse gate = raw(upstream);
        Wire wire = gate.wire()) {
      wire.send(head(gate, method, method.equals("POST") ? "Content-Length: 0\r\n" : ""));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      Received received = upstream.await();
      assertEquals(method + " /chatkit HTTP/1.1", received.line());
      assertEquals(0, received.body().length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "POST"})
  void requestsWithoutABodyAreMadeOnce(String method) throws Exception {
    for (String answer :
        new String[] {
          "503 Service Unavailable\r\nRetry-After: 0", "408 Request Timeout", "421 Misdirected"
        }) {
      try (ScriptedUpstream upstream =
              ScriptedUpstream.running(
                  (_, wire) -> wire.send("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n"));
          RunningGatehouse gate = raw(upstream);
          Wire wire = gate.wire()) {
        wire.send(head(gate, method, method.equals("POST") ? "Content-Length: 0\r\n" : ""));
        assertTrue(wire.readHead().startsWith("HTTP/1.1 " + answer.substring(0, 4)));
        assertEquals(1, upstream.requests().size());
      }
    }
  }

  @Test
  void codingOfABodyCrossesOnlyIfTheRouteSaysSo() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "")) {
      for (boolean forwarded : List.of(false, true)) {
        String names = forwarded ? "Content-Encoding" : "X-Other";
        try (RunningGatehouse gate = raw(upstream, "forward-request-headers: [" + names + "]")) {
          gate.browser()
              .with("X-CSRF", "1")
              .with("Content-Encoding", "gzip")
              .post(PATH, RequestBody.create("x", MediaType.get("text/plain")));
          assertEquals(
              forwarded ? Optional.of("gzip") : Optional.empty(),
              upstream.await().header("Content-Encoding"));
        }
      }
    }
  }

  /// HTTP/2 has no header that says so.
  @Test
  void unannouncedUploadWithoutATypeNeedsTheCustomHeaderToo() throws Exception {
    RequestBody body =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return null;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("hello");
          }
        };
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "");
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(Transport.H2C)
                .route("protocol: raw")
                .start()) {
      gate.browser().post(PATH, body).assertProblem(ProblemCode.CROSS_SITE_REQUEST);
      assertEquals(List.of(), upstream.requests());
      assertEquals(200, gate.browser().with("X-CSRF", "1").post(PATH, body).status());
      assertEquals("hello", upstream.await().text());
    }
  }

  @Test
  void deleteWithABodyCrosses() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "done");
        RunningGatehouse gate = raw(upstream)) {
      RequestBody body = RequestBody.create(new byte[] {1, 2}, MediaType.get("x/y"));
      assertEquals(200, gate.browser().with("X-CSRF", "1").send("DELETE", PATH, body).status());
      assertArrayEquals(new byte[] {1, 2}, upstream.await().body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 2\r\n\r\nhi", "Transfer-Encoding: chunked\r\n\r\n2\r\nhi"})
  void getWithABodyIsRefused(String rest) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "done");
        RunningGatehouse gate = raw(upstream);
        Wire wire = gate.wire()) {
      String request = head(gate, "GET", "");
      wire.send(request.substring(0, request.length() - 2) + rest + "\r\n");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 400 "));
      assertTrue(upstream.requests().isEmpty());
    }
  }

  @Test
  void uploadBeyondTheLimitIsRefusedAndLooksBrokenToTheUpstream() throws Exception {
    CompletableFuture<IOException> broken = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.receiving(
                (_, wire) -> broken.complete(assertThrows(IOException.class, wire::readChunks)));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = raw(upstream, "max-body-size: 128KiB");
        Wire wire = gate.wire()) {
      wire.send(head(gate, "POST", "Transfer-Encoding: chunked\r\n"));
      for (int i = 0; i < 3; i++) {
        wire.sendChunk(piece(i));
      }
      assertTrue(wire.readHead().startsWith("HTTP/1.1 413 "));
      broken.get(10, TimeUnit.SECONDS);
      var line = log.next();
      assertEquals("rejected", line.get("outcome"));
      assertEquals("body-too-large", line.get("problem"));
    }
  }

  @Test
  void announcedUploadBeyondTheLimitReachesNoUpstream() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "done");
        RunningGatehouse gate = raw(upstream, "max-body-size: 1KiB")) {
      RequestBody body = RequestBody.create(new byte[2048], MediaType.get("x/y"));
      gate.browser().with("X-CSRF", "1").post(PATH, body).assertProblem(ProblemCode.BODY_TOO_LARGE);
      assertTrue(upstream.requests().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n"})
  void browserThatBreaksOffAnUploadCancelsTheUpstream(String framing) throws Exception {
    CompletableFuture<Integer> arrived = new CompletableFuture<>();
    CompletableFuture<IOException> broken = new CompletableFuture<>();
    boolean chunked = framing.startsWith("T");
    try (ScriptedUpstream upstream =
            ScriptedUpstream.receiving((_, wire) -> {
              arrived.complete((chunked ? wire.readChunk() : wire.read(1024)).length);
              broken.complete(
                  assertThrows(
                      IOException.class,
                      () -> {
                        if (chunked) {
                          wire.readChunks();
                        } else {
                          wire.read(1_000_000);
                        }
                      }));
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = raw(upstream);
        Wire wire = gate.wire()) {
      wire.send(head(gate, "POST", framing));
      if (chunked) {
        wire.sendChunk(new byte[1024]);
      } else {
        wire.send(new byte[1024]);
      }
      arrived.get(10, TimeUnit.SECONDS);
      wire.reset();
      broken.get(10, TimeUnit.SECONDS);
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }
}
