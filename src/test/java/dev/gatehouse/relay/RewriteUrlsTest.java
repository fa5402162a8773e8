package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// URLs that an agent mints from its own address, on a route that makes them public.
final class RewriteUrlsTest {
  private static final String LIST = "{\"type\":\"threads.list\",\"params\":{}}";
  private static final String INNER = "{ \"url\" : \"http://agent/files/1\" , \"n\" : 1.0e2 }";
  private static final String OUTER =
      "{ \"url\" : \"https://app.example.com/api/files/1\" , \"n\" : 1.0e2 }";

  private static final String HEAD_OF_99 =
      """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Content-Length: 99\r
      \r
      """;

  private static RunningGatehouse gate(ScriptedUpstream upstream, String... more) throws Exception {
    String[] lines = Arrays.copyOf(more, more.length + 1);
    lines[more.length] = "rewrite-urls: {\"http://agent/files\": /api/files}";
    return RunningGatehouse.towards(upstream.uri())
        .server("public-origins: ['https://app.example.com']")
        .route(lines)
        .start();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "application/json; charset=utf-8", "application/x+json"})
  void documentHasPublicUrlsAndTheRightLength(String type) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering(type, INNER);
        RunningGatehouse gate = gate(upstream)) {
      Reply reply = gate.browser().post(PATH, LIST);
      assertEquals(OUTER, reply.text());
      assertEquals(Optional.of("" + OUTER.length()), reply.header("Content-Length"));
      assertEquals(Optional.of(type), reply.header("Content-Type"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTellsVersionsApartCrossesOnlyWithAnUnchangedDocument(boolean changed) throws Exception {
    String document = changed ? INNER : "{}";
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"1\"\r\n"
                        + "Accept-Ranges: bytes\r\nContent-Length: "
                        + document.length()
                        + "\r\n\r\n"
                        + document));
        RunningGatehouse gate = gate(upstream)) {
      Reply reply = gate.browser().post(PATH, LIST);
      assertEquals(changed ? OUTER : "{}", reply.text());
      assertEquals(!changed, reply.header("ETag").isPresent());
      assertEquals(!changed, reply.header("Accept-Ranges").isPresent());
    }
  }

  @Test
  void fileThatIsFetchedStaysAsItIs() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", INNER);
        RunningGatehouse gate = gate(upstream, "protocol: raw")) {
      assertEquals(INNER, gate.browser().get(PATH).text());
      RequestBody file = RequestBody.create("x", MediaType.get("text/plain"));
      assertEquals(OUTER, gate.browser().with("X-CSRF", "1").post(PATH, file).text());
    }
  }

  @Test
  void eventsOfAnnouncedLengthAreRewrittenToo() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.answering("text/event-stream", "data: " + INNER + "\n\n");
        RunningGatehouse gate = gate(upstream)) {
      assertEquals("data: " + OUTER + "\n\n", gate.browser().post(PATH, LIST).text());
    }
  }

  @Test
  void documentInChunksIsRewrittenToo() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              wire.send("Transfer-Encoding: chunked\r\n\r\n");
              wire.sendChunk(INNER.substring(0, 20)).sendChunk(INNER.substring(20)).sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream)) {
      assertEquals(OUTER, gate.browser().post(PATH, LIST).text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK\r\nContent-Type: text/plain",
        "200 OK\r\nContent-Type: application/json\r\nContent-Encoding: zstd",
        "200 OK\r\nContent-Type: application/json; charset=utf-16",
        "200 OK\r\nContent-Type: application/json\r\nContent-Disposition: attachment",
        "206 Partial Content\r\nContent-Type: application/json",
        "200 OK\r\nX: no type"
      })
  void everythingElseStaysAsItIs(String head) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(head, INNER.length(), INNER)));
        RunningGatehouse gate = gate(upstream)) {
      assertEquals(INNER, gate.browser().post(PATH, LIST).text());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void documentAboveTheLimitStaysAsItIs(boolean announced) throws Exception {
    String large = "{\"url\":\"http://agent/files/1\",\"x\":\"" + "x".repeat(1 << 21) + "\"}";
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              if (announced) {
                wire.send("Content-Length: " + large.length() + "\r\n\r\n" + large);
              } else {
                wire.send("Transfer-Encoding: chunked\r\n\r\n").sendChunk(large).sendLastChunk();
              }
            });
        RunningGatehouse gate = gate(upstream)) {
      assertArrayEquals(
          large.getBytes(StandardCharsets.UTF_8), gate.browser().post(PATH, LIST).body());
    }
  }

  @Test
  void documentThatBreaksOffIsAProblem() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              wire.send("Content-Length: 100\r\n\r\n" + INNER);
              wire.close();
            });
        RunningGatehouse gate = gate(upstream)) {
      gate.browser().post(PATH, LIST).assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
    }
  }

  @Test
  void documentThatDoesNotGoOnIsAProblemInTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              wire.send("Content-Length: 100\r\n\r\n" + INNER);
              wire.awaitClose();
              over.countDown();
            });
        RunningGatehouse gate = gate(upstream, "timeouts: {idle: 200ms}")) {
      gate.browser().post(PATH, LIST).assertProblem(ProblemCode.UPSTREAM_TIMEOUT);
      assertEquals(true, over.await(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void headOfADocumentDoesNotNameTheOldLength() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.send(HEAD_OF_99));
        RunningGatehouse gate = gate(upstream, "protocol: json", "methods: [GET, HEAD]")) {
      assertEquals(
          Optional.empty(), gate.browser().send("HEAD", PATH, null).header("Content-Length"));
    }
  }

  @Test
  void eventsHavePublicUrlsAsTheyCome() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk("data: " + INNER.substring(0, 15));
              wire.sendChunk(INNER.substring(15) + "\n\n");
              assertEquals(true, seen.await(20, TimeUnit.SECONDS));
              wire.sendChunk("data: {\"text\":\"http://agent\"}\n\n").sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream)) {
      Browser.Events events = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals(OUTER, events.next());
      seen.countDown();
      assertEquals("{\"text\":\"http://agent\"}", events.next());
      assertEquals(true, events.endedCleanly());
    }
  }

  @Test
  void withoutTheSettingNothingIsTouched() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", INNER);
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertEquals(INNER, gate.browser().post(PATH, LIST).text());
    }
  }

  /// A ChatKit server that mints upload addresses from the address it has itself.
  private static ScriptedUpstream chatKitServer() {
    return ScriptedUpstream.running((request, wire) -> {
      String host = request.header("Host").orElseThrow();
      String answer =
          request.line().startsWith("POST /chatkit ")
              ? "{\"id\":\"atc_1\",\"upload_descriptor\":{\"url\":\"http://%s/files/atc_1?sig=a%%2Fb\",\"method\":\"PUT\",\"headers\":{}}}"
                  .formatted(host)
              : "{\"id\":\"atc_1\",\"preview_url\":\"http://%s/files/atc_1/preview\"}"
                  .formatted(host);
      wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ");
      wire.send(answer.length() + "\r\n\r\n" + answer);
    });
  }

  private static RunningGatehouse uploads(ScriptedUpstream server) throws Exception {
    String base = server.uri().toString().replace("/chatkit", "/files");
    return RunningGatehouse.towards(server.uri())
        .route("rewrite-urls: {\"" + base + "\": /api/files}", "protocol: chatkit")
        .also(
            "- {path: /api/files/*, upstream: '"
                + base
                + "', protocol: raw,"
                + " rewrite-urls: {\""
                + base
                + "\": /api/files}}")
        .start();
  }

  @Test
  void uploadInTwoPhasesGoesThroughTheGate() throws Exception {
    try (ScriptedUpstream server = chatKitServer();
        RunningGatehouse gate = uploads(server)) {
      JsonNode attachment =
          gate.browser()
              .post(
                  PATH,
                  "{\"type\":\"attachments.create\",\"params\":{\"name\":\"a\",\"size\":3,\"mime_type\":\"x/y\"}}")
              .json();
      server.await();
      String url = attachment.get("upload_descriptor").get("url").asString();
      assertEquals(gate.uri() + "/api/files/atc_1?sig=a%2Fb", url);
      RequestBody file = RequestBody.create(new byte[] {1, 2, 3}, MediaType.get("image/png"));
      Reply done =
          gate.browser()
              .with("X-CSRF", "1")
              .send("PUT", url.substring(gate.uri().toString().length()), file);
      assertEquals(200, done.status());
      Received received = server.await();
      assertEquals("PUT /files/atc_1?sig=a%2Fb HTTP/1.1", received.line());
      assertEquals(Optional.of("image/png"), received.header("Content-Type"));
      assertArrayEquals(new byte[] {1, 2, 3}, received.body());
    }
  }

  @Test
  void directUploadGoesThroughTheGate() throws Exception {
    try (ScriptedUpstream server = chatKitServer();
        RunningGatehouse gate = uploads(server)) {
      RequestBody form =
          new MultipartBody.Builder("boundary")
              .setType(MultipartBody.FORM)
              .addFormDataPart(
                  "file", "a.png", RequestBody.create(new byte[] {9}, MediaType.get("image/png")))
              .build();
      Reply reply = gate.browser().with("X-CSRF", "1").post("/api/files", form);
      assertEquals(
          gate.uri() + "/api/files/atc_1/preview", reply.json().get("preview_url").asString());
      Received received = server.await();
      assertEquals(
          Optional.of("multipart/form-data; boundary=boundary"), received.header("Content-Type"));
      assertEquals(form.contentLength(), received.body().length);
      assertFalse(received.header("Cookie").isPresent());
    }
  }

  /// Though the beginning of the first line has come together with the head.
  @Test
  void headDoesNotWaitForTheFirstLine() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream() + "5\r\ndata:\r\n");
              assertTrue(seen.await(10, TimeUnit.SECONDS), "the head did not arrive");
              wire.sendChunk(" 1\n\n").sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream);
        Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
      seen.countDown();
      assertEquals("data: 1\n\n", response.body().string());
    }
  }
}
