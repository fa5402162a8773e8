package dev.gatehouse.upstream;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.Http2Upstream;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Agent servers that are called over HTTP/2.
final class Http2UpstreamTest {
  private static final byte[] EVENT = "data: 1\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final String[] STREAM = {"content-type", "text/event-stream"};

  private static RunningGatehouse gate(URI upstream, String... more) throws Exception {
    List<String> lines = new ArrayList<>(List.of("http-version: 2", "protocol: json"));
    lines.addAll(List.of(more));
    return RunningGatehouse.towards(upstream)
        .server("max-streams-per-user: 1000")
        .route(lines.toArray(String[]::new))
        .start();
  }

  @Test
  void bytesOfBothDirectionsArriveUnchanged() throws Exception {
    byte[] large = new byte[3 << 20];
    new Random(20261125).nextBytes(large);
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              request.head(200, STREAM).data(EVENT).data(large).end();
            });
        RunningGatehouse gate = gate(upstream.uri())) {
      String body = "{ \"n\" : 1e400, \"x\": \"" + "y".repeat(200_000) + "\" }";
      byte[] received = gate.browser().post(PATH, body).body();
      assertEquals(EVENT.length + large.length, received.length);
      assertArrayEquals(
          large, java.util.Arrays.copyOfRange(received, EVENT.length, received.length));
      assertEquals(body, new String(upstream.requests().getFirst().body(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void streamsShareAConnectionUpToTheServersLimit() throws Exception {
    int streams = 200;
    int mostPerConnection = 20;
    CountDownLatch all = new CountDownLatch(streams);
    try (Http2Upstream upstream =
            Http2Upstream.running(
                mostPerConnection,
                request -> {
                  request.head(200, STREAM).data(EVENT);
                  all.countDown();
                  assertTrue(all.await(20, TimeUnit.SECONDS), "not all at once");
                  request.data(EVENT).end();
                });
        RunningGatehouse gate = gate(upstream.uri());
        ExecutorService pages = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Browser.Seen>> answers = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        answers.add(pages.submit(() -> gate.browser().take(PATH, "{}")));
      }
      for (Future<Browser.Seen> answer : answers) {
        assertEquals(new Browser.Seen(200, "data: 1\n\ndata: 1\n\n", true), answer.get());
      }
      assertEquals(streams, upstream.requests().size());
      int connections = upstream.connections();
      assertTrue(connections >= streams / mostPerConnection, () -> connections + " connections");
      assertTrue(
          connections <= streams / mostPerConnection + 2, () -> connections + " connections");
    }
  }

  @Test
  void fault11RefusedStreamIsTriedAgainAndLookedAtOnce() throws Exception {
    CountDownLatch refuse = new CountDownLatch(1);
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              if (refuse.getCount() > 0) {
                refuse.countDown();
                request.reset(Http2Upstream.REFUSED_STREAM);
              } else {
                request.headOnly(201);
              }
            });
        RunningGatehouse gate = gate(upstream.uri())) {
      assertEquals(201, gate.browser().post(PATH, "{}").status());
      assertEquals(2, upstream.requests().size());
    }
  }

  @Test
  void fault11StreamThatAClosingServerDidNotTakeIsTriedOnAnotherConnection() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              if (leave.getCount() > 0) {
                leave.countDown();
                request.goAway(0);
              } else {
                request.headOnly(201);
              }
            });
        RunningGatehouse gate = gate(upstream.uri())) {
      assertEquals(201, gate.browser().post(PATH, "{}").status());
      assertEquals(2, upstream.connections());
    }
  }

  @Test
  void fault11StreamThatFailsAfterItWasTakenIsNotTriedAgain() throws Exception {
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> request.reset(Http2Upstream.INTERNAL_ERROR));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream.uri())) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(1, upstream.requests().size());
      assertEquals("upstream-failed", log.next().get("outcome"));
    }
  }

  @Test
  void fault11ConnectionThatIsLostUnderARequestIsNotTriedAgain() throws Exception {
    try (Http2Upstream upstream = Http2Upstream.running(Http2Upstream.Request::close);
        RunningGatehouse gate = gate(upstream.uri())) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void uploadThatWasRefusedIsNotTriedAgain() throws Exception {
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> request.reset(Http2Upstream.REFUSED_STREAM));
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .route("http-version: 2", "protocol: raw")
                .start()) {
      RequestBody body = RequestBody.create(new byte[10], MediaType.get("x/y"));
      gate.browser()
          .with("X-CSRF", "1")
          .post(PATH, body)
          .assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void fault13ConnectionThatWasClosedWhileIdleIsNotUsed() throws Exception {
    CompletableFuture<Http2Upstream.Request> first = new CompletableFuture<>();
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              request.headOnly(201);
              first.complete(request);
            });
        RunningGatehouse gate = gate(upstream.uri())) {
      assertEquals(201, gate.browser().post(PATH, "{}").status());
      first.get(10, TimeUnit.SECONDS).close();
      assertEquals(201, gate.browser().post(PATH, "{}").status());
      assertEquals(2, upstream.requests().size());
    }
  }

  @Test
  void fault02StreamThatIsResetInTheMiddleIsBroken() throws Exception {
    assertBroken(request -> {
      request.head(200, STREAM).data(EVENT).reset(Http2Upstream.CANCEL);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "5"})
  void fault03AnswerOfAnotherLengthThanAnnouncedIsBroken(String length) throws Exception {
    assertBroken(request -> request.head(200, "content-length", length).data(EVENT).end());
  }

  private static void assertBroken(Http2Upstream.Script script) throws Exception {
    try (Http2Upstream upstream = Http2Upstream.running(script);
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream.uri())) {
      Browser.Seen seen = gate.browser().take(PATH, "{}");
      assertTrue(!seen.whole(), seen::toString);
      assertTrue("data: 1\n\n".startsWith(seen.text()), seen::toString);
      assertEquals("upstream-failed", log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void trailersAreNoPartOfTheBody() throws Exception {
    try (Http2Upstream upstream =
            Http2Upstream.running(
                request -> request.head(200, STREAM).data(EVENT).trailers("x-trailer", "1"));
        RunningGatehouse gate = gate(upstream.uri())) {
      assertEquals(new Browser.Seen(200, "data: 1\n\n", true), gate.browser().take(PATH, "{}"));
    }
  }

  @Test
  void fault07BrowserThatLeavesResetsItsStreamAndNoOther() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              request.head(200, STREAM).data(EVENT);
              if (new String(request.body(), StandardCharsets.UTF_8).contains("stay")) {
                assertTrue(left.await(20, TimeUnit.SECONDS));
                request.data(EVENT).end();
              }
            });
        RunningGatehouse gate = gate(upstream.uri());
        Wire leaving = gate.wire();
        Wire staying = gate.wire()) {
      staying.send(gate.post("{\"stay\":1}"));
      staying.readHead();
      leaving.send(gate.post("{}"));
      leaving.readHead();
      leaving.reset();
      assertEquals(Http2Upstream.CANCEL, upstream.awaitReset());
      left.countDown();
      assertEquals(
          "data: 1\n\ndata: 1\n\n", new String(staying.readChunks(), StandardCharsets.UTF_8));
      assertEquals(1, upstream.connections());
    }
  }

  @Test
  void fault16ServerMaySendNoMoreThanTheLimitAheadOfTheBrowser() throws Exception {
    CompletableFuture<Integer> sent = new CompletableFuture<>();
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              if (new String(request.body(), StandardCharsets.UTF_8).contains("quick")) {
                request.head(200, STREAM).data(EVENT).end();
              } else {
                sent.complete(request.head(200, STREAM).data(new byte[16 << 20], 1_000));
              }
            });
        RunningGatehouse gate = gate(upstream.uri());
        Wire stalled = gate.wire().narrow(1024)) {
      stalled.send(gate.post("{}"));
      int ahead = sent.get(20, TimeUnit.SECONDS);
      assertTrue(ahead >= 64 * 1024 && ahead <= 256 * 1024, () -> ahead + " bytes");
      assertTrue(gate.browser().take(PATH, "{\"quick\":1}").whole());
      assertEquals(1, upstream.connections());
    }
  }

  /// Or the windows of a connection would grow until it fails.
  @Test
  void answersThatAreLetGoGiveTheirBytesBackOnce() throws Exception {
    BlockingQueue<Http2Upstream.Request> sent = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> {
              request.head(200, STREAM).data(new byte[16 << 20], 500);
              sent.add(request);
            });
        RunningGatehouse gate = gate(upstream.uri())) {
      for (int i = 0; i < 5; i++) {
        try (Wire stalled = gate.wire().narrow(1024)) {
          stalled.send(gate.post("{}"));
          Http2Upstream.Request request = sent.poll(20, TimeUnit.SECONDS);
          assertTrue(request != null, "nothing was sent");
          stalled.reset();
          assertEquals(Http2Upstream.CANCEL, upstream.awaitReset());
          long window = request.connectionWindow();
          assertTrue(window <= 16 << 20, () -> window + " bytes are granted");
        }
      }
      assertEquals(1, upstream.connections());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nset-cookie: b", "a\nb", "a\u0000b", "a\u007fb"})
  void fault06HeaderThatCouldEndElsewhereIsRefused(String value) throws Exception {
    try (Http2Upstream upstream =
            Http2Upstream.running(request -> request.headOnly(200, "etag", value));
        RunningGatehouse gate = gate(upstream.uri())) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_PROTOCOL_ERROR);
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void connectionThatIsLostBeforeItsFirstStreamIsNotWaitedFor() throws Exception {
    try (ServerSocket hasty = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        RunningGatehouse gate =
            gate(
                URI.create("http://127.0.0.1:" + hasty.getLocalPort()),
                "timeouts: {connect: 0s, first-byte: 20s}")) {
      Thread closing =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    hasty.accept().close();
                  }
                } catch (IOException _) {
                  // the test is over
                }
              });
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertTrue(closing.isAlive());
    }
  }

  @Test
  void fault29ServerThatIsMuteIsTimedOut() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        RunningGatehouse gate =
            gate(
                URI.create("http://127.0.0.1:" + mute.getLocalPort()),
                "timeouts: {connect: 300ms}")) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_TIMEOUT);
    }
  }

  @Test
  void serverOfHttp1OnlyIsNoAgent() throws Exception {
    try (var upstream = dev.gatehouse.testing.ScriptedUpstream.answering("text/plain", "x");
        RunningGatehouse gate = gate(upstream.uri(), "timeouts: {connect: 2s}")) {
      assertTrue(gate.browser().post(PATH, "{}").status() >= 502);
    }
  }

  /// A server's windows are of 65,535 bytes unless it says otherwise (RFC 9113 section 6.9.2), and
  /// it opens them for what it has got: nothing that fills them may be held back here.
  @ParameterizedTest
  @ValueSource(ints = {65_536, 200_000, 1_000_000})
  void bodyLargerThanTheServersWindowDoesNotWait(int length) throws Exception {
    try (Http2Upstream upstream = Http2Upstream.running(request -> request.headOnly(201));
        RunningGatehouse gate = gate(upstream.uri(), "timeouts: {first-byte: 5s}")) {
      String body = "{\"x\":\"" + "y".repeat(length - 8) + "\"}";
      assertEquals(201, gate.browser().post(PATH, body).status());
      assertEquals(length, upstream.requests().getFirst().body().length);
    }
  }

  /// OkHttp fills frames of 16 KiB by itself, and sends less only when it is told to.
  @ParameterizedTest
  @ValueSource(ints = {1, 8_192, 8_193, 16_383, 16_384})
  void nothingOfAnUploadWaitsForMore(int length) throws Exception {
    try (Http2Upstream upstream = Http2Upstream.running(request -> request.headOnly(201));
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .route("http-version: 2", "protocol: raw")
                .over(Transport.H2C)
                .start();
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      frames.send(Frames.HEADERS, Frames.END_HEADERS, 1, headers);
      frames.send(Frames.DATA, 0, 1, new byte[length]);
      Await.that("all of it is there", () -> upstream.bytesReceived() == length);
      frames.send(Frames.DATA, Frames.END_STREAM, 1, new byte[0]);
      frames.next(Frames.HEADERS, 1);
    }
  }
}
