package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Transcriber;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTest {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;
  private static final int MIB = 1024 * 1024;
  private static final String INPUT = Asking.input("Hi").toString();

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{} {}",
        "{\"type\":\"threads.list\",\"type\":\"threads.list\",\"params\":{}}",
        "{\"params\":{}}",
        "{\"type\":7,\"params\":{}}",
        "{\"type\":\"threads.list\"}",
        "{\"type\":\"threads.list\",\"params\":[]}",
        "{\"type\":\"threads.list\",\"params\":{},\"metadata\":null}",
        "{\"type\":\"threads.list\",\"params\":{},\"metadata\":[]}",
        "{\"type\":\"threads.get_by_id\",\"params\":{}}",
        "{\"type\":\"threads.get_by_id\",\"params\":{\"thread_id\":7}}",
        "{\"type\":\"items.list\",\"params\":{}}",
        "{\"type\":\"threads.create\",\"params\":{}}",
        "{\"type\":\"threads.create\",\"params\":{\"input\":null}}",
        "{\"type\":\"threads.retry_after_item\",\"params\":{\"thread_id\":\"thr_1\"}}",
      })
  void malformedRequestIsTurnedAway(String body) {
    agent.post(READER, body).assertRefused(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":{},\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":[7],\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":[{}],\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":[{\"type\":\"input_text\"}],\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}],\"attachments\":[],"
            + "\"inference_options\":{}}",
        "{\"content\":[{\"type\":\"input_tag\",\"id\":\"t\",\"text\":\"x\"}],\"attachments\":[],"
            + "\"inference_options\":{}}",
        "{\"content\":[{\"type\":\"input_tag\",\"id\":\"t\",\"text\":\"x\",\"data\":{},"
            + "\"interactive\":1}],\"attachments\":[],\"inference_options\":{}}",
        "{\"content\":[],\"inference_options\":{}}",
        "{\"content\":[],\"attachments\":[7],\"inference_options\":{}}",
        "{\"content\":[],\"attachments\":[]}",
        "{\"content\":[],\"attachments\":[],\"inference_options\":[]}",
        "{\"content\":[],\"attachments\":[],\"inference_options\":{},\"quoted_text\":7}",
      })
  void malformedInputIsTurnedAwayBeforeAThreadIsMade(String input) {
    agent
        .post(READER, "{\"type\":\"threads.create\",\"params\":{\"input\":" + input + "}}")
        .assertRefused(400);
    assertEquals(0, agent.lookup(READER, Asking.threads("")).at("/data").size());
  }

  @Test
  void refusalNamesTheMemberAndNeverItsValue() {
    String body =
        "{\"type\":\"threads.create\",\"params\":{\"input\":{\"content\":[{\"type\":\"canary\"}],"
            + "\"attachments\":[],\"inference_options\":{}}}}";
    RunningAgent.Answer answer = agent.post(READER, body);
    answer.assertRefused(400);
    assertEquals(
        "params.input.content[0].type is not input_text or input_tag.",
        answer.json().at("/message").stringValue());
    assertFalse(answer.body().contains("canary"));
  }

  @Test
  void unknownOperationIsTurnedAwayWithAMessage() {
    RunningAgent.Answer answer =
        agent.post(READER, "{\"type\":\"attachments.get_preview\",\"params\":{}}");
    answer.assertRefused(400);
    assertEquals(
        "This type of operation is not known here.", answer.json().at("/message").stringValue());
  }

  @Test
  void missingThreadIdOfAMessageIsTurnedAway() {
    agent
        .post(
            READER, "{\"type\":\"threads.add_user_message\",\"params\":{\"input\":" + INPUT + "}}")
        .assertRefused(400);
  }

  @Test
  void brokenUtf8IsTurnedAway() {
    byte[] body = Asking.threads("\"after\":\"x\"").getBytes(StandardCharsets.UTF_8);
    body[body.length - 4] = (byte) 0xff;
    RequestBody broken = RequestBody.create(body, MediaType.get("application/json"));
    agent.send(authorized().post(broken).build()).assertRefused(400);
  }

  @Test
  void utf16IsTurnedAway() {
    byte[] body = Asking.threads("").getBytes(StandardCharsets.UTF_16);
    RequestBody wide = RequestBody.create(body, MediaType.get("application/json"));
    agent.send(authorized().post(wide).build()).assertRefused(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 499, 100_000})
  void deepNestingIsTurnedAway(int depth) {
    String deep = "[".repeat(depth) + "]".repeat(depth);
    agent
        .post(READER, "{\"type\":\"threads.list\",\"params\":{\"x\":" + deep + "}}")
        .assertRefused(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
  void bodyThatIsNotJsonIsTurnedAway(String type) {
    RequestBody body =
        RequestBody.create(
            Asking.threads("").getBytes(StandardCharsets.UTF_8), MediaType.get(type));
    agent.send(authorized().post(body).build()).assertRefused(415);
  }

  @Test
  void bodyWithoutATypeIsTurnedAway() {
    RequestBody body = RequestBody.create(new byte[0], null);
    agent.send(authorized().post(body).build()).assertRefused(415);
  }

  @Test
  void charsetParameterIsNoHindrance() {
    RequestBody body =
        RequestBody.create(
            Asking.threads("").getBytes(StandardCharsets.UTF_8),
            MediaType.get("Application/JSON; charset=utf-8"));
    assertEquals(200, agent.send(authorized().post(body).build()).status());
  }

  @Test
  void bodyBeyondTheLimitIsTurnedAway() {
    String list = Asking.threads("");
    agent.lookup(READER, " ".repeat(MIB - list.length()) + list);
    agent.post(READER, " ".repeat(MIB - list.length() + 1) + list).assertRefused(413);
    agent.post(READER, Asking.create("x".repeat(MIB))).assertRefused(413);
    assertEquals(0, agent.lookup(READER, list).at("/data").size());
  }

  @Test
  void onlyARecordingMayBeLarger() {
    try (RunningAgent hearing = RunningAgent.hearing((audio, type) -> "heard " + audio.length)) {
      String large = recording(2 * MIB);
      assertEquals(
          "heard " + 2 * MIB / 4 * 3, hearing.lookup(READER, large).at("/text").stringValue());
      hearing.post(READER, large.replace("input.transcribe", "threads.list")).assertRefused(413);
      hearing.post(READER, large.replace("\"type\"", "\"kind\"")).assertRefused(413);
      hearing.post(READER, "[" + large + "]").assertRefused(413);
      hearing.post(READER, recording(16 * MIB)).assertRefused(413);
    }
  }

  /// A place is free again after any end.
  @Test
  void onlyFourLargeRecordingsAreHeldAtOnce() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    AtomicInteger listening = new AtomicInteger();
    Transcriber slow =
        (audio, _) -> {
          listening.incrementAndGet();
          awaitQuietly(enough);
          return "heard " + audio.length;
        };
    String large = recording(2 * MIB);
    try (RunningAgent hearing = RunningAgent.hearing(slow);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        hearing.post(READER, large + "x").assertRefused(400);
      }
      List<Future<RunningAgent.Answer>> heard =
          Stream.generate(() -> others.submit(() -> hearing.post(READER, large))).limit(4).toList();
      Await.that("four are listened to", () -> listening.get() == 4);
      RunningAgent.Answer fifth = hearing.post(EDITOR, large);
      fifth.assertRefused(503);
      assertEquals("5", fifth.header("Retry-After"));
      hearing.lookup(EDITOR, Asking.threads(""));
      enough.countDown();
      for (Future<RunningAgent.Answer> one : heard) {
        assertEquals(200, one.get().status());
      }
      hearing.lookup(EDITOR, large);
    }
  }

  @Test
  void withoutATranscriberARecordingIsNoLarger() {
    agent.post(READER, recording(2 * MIB)).assertRefused(413);
  }

  /// It would be heard out for hours.
  @Test
  @Timeout(15)
  void whoIsRefusedAndTricklesIsNotListenedToForLong() throws Exception {
    try (Wire wire = Wire.to(agent.request("/").get().build().url().port())) {
      wire.send(
          """
          POST /chatkit HTTP/1.1\r
          Host: a\r
          Content-Type: application/json\r
          Content-Length: 100000\r
          \r
          """);
      CountDownLatch enough = new CountDownLatch(1);
      Thread trickle = Thread.ofVirtual().start(() -> trickle(wire, enough));
      String head = wire.readHead();
      assertTrue(head.startsWith("HTTP/1.1 401 "), head);
      assertTrue(head.contains("Connection: close"), head);
      enough.countDown();
      trickle.join();
    }
  }

  @Test
  @Timeout(15)
  void whoStopsInTheMiddleIsToldSo() throws Exception {
    Patience usual = Patience.USUAL;
    Patience hasty =
        new Patience(
            Duration.ofSeconds(1), usual.write(), usual.drain(), usual.farewell(), usual.store());
    try (RunningAgent impatient = RunningAgent.with(new OfflineResponder(Duration.ZERO), hasty);
        Wire wire = Wire.to(impatient.request("/").get().build().url().port())) {
      wire.send(
          """
          POST /chatkit HTTP/1.1\r
          Host: a\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: 100\r
          \r
          {"type":\
          """
              .formatted(READER));
      String answer = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
      assertTrue(answer.contains("\"message\":"), answer);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void trickle(Wire wire, CountDownLatch enough) {
    try {
      do {
        wire.send(" ");
      } while (!enough.await(200, TimeUnit.MILLISECONDS));
    } catch (IOException | InterruptedException _) {
      // no longer listened to
    }
  }

  private static String recording(int base64) {
    return """
    {"type":"input.transcribe","params":{"mime_type":"audio/webm","audio_base64":"%s"}}\
    """
        .formatted("A".repeat(base64));
  }

  @Test
  void otherMethodsAreTurnedAway() {
    RunningAgent.Answer answer = agent.send(authorized().get().build());
    answer.assertRefused(405);
    assertEquals("POST", answer.header("Allow"));
  }

  @Test
  void unknownPathIsNotFound() {
    agent.send(agent.request("/elsewhere").get().build()).assertRefused(404);
  }

  @Test
  void healthNeedsNoToken() {
    RunningAgent.Answer answer = agent.send(agent.request("/healthz").get().build());
    assertEquals(200, answer.status());
    assertEquals("ok", answer.json().at("/status").stringValue());
  }

  @Test
  void takenPortIsAnIoException() {
    int taken = agent.request("/").build().url().port();
    Path data = RunningAgent.freshFolder();
    AgentSettings free = RunningAgent.settings(agent.issuer, data, List.of());
    AgentSettings same =
        new AgentSettings(
            free.host(),
            taken,
            free.trust(),
            free.store(),
            free.files(),
            List.of(),
            free.historyItems(),
            free.turnsPerPerson(),
            false);
    assertThrows(
        IOException.class, () -> AgentServer.start(same, Stored.silent(), Optional.empty()));
  }

  private Request.Builder authorized() {
    return agent.request("/chatkit").header("Authorization", "Bearer " + READER);
  }
}
