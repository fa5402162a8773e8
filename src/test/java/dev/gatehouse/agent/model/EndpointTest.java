package dev.gatehouse.agent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a model is asked, how its words come, and how asking ends.
final class EndpointTest {
  private static final int PATIENCE_SECONDS = 20;

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void wordsGoOutAsTheyCome(ModelSettings.Api api) throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    RecordedReply reply = new RecordedReply();
    try (FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
              assertTrue(first.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
              wire.sendChunk(": still here\n\n");
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "zwölf"), FakeModel.end(api)));
            });
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      CompletableFuture<Void> answer = answering(responder, reply);
      reply.awaitLine("say One ");
      first.countDown();
      answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(
          List.of("progress sparkle: Thinking", "say One ", "say zwölf"), reply.everything());
      assertEquals(0, reply.waiting(), "still waits to be told that the person left");
    }
  }

  private static CompletableFuture<Void> answering(ModelResponder responder, RecordedReply reply) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            responder.respond(Asked.question("Hello").turn(), reply);
            answer.complete(null);
          } catch (IOException | RuntimeException | AssertionError e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static Throwable failure(CompletableFuture<Void> answer) {
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .getCause());
  }

  /// As the Responses API does with its tools and instructions, with every letter escaped.
  @Test
  void eventsMayRepeatWhatWasSent() throws Exception {
    ModelSettings.Api api = ModelSettings.Api.RESPONSES;
    String large = "ä".repeat(1024 * 1024);
    String echo =
        "{\"type\":\"response.created\",\"response\":{\"instructions\":\"%s\"}}"
            .formatted("\\u00e4".repeat(large.length()));
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(echo, FakeModel.words(api, "Yes."), FakeModel.end(api)))) {
      assertEquals(List.of("say Yes."), Asked.question(large).by(model.settings(api)).lines());
    }
  }

  /// Many that speak it never say `[DONE]`.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answerWithAReasonForItsEndIsComplete(boolean orderly) throws Exception {
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    String reason = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    String costs = "{\"choices\":[],\"usage\":{\"total_tokens\":7}}";
    try (FakeModel model =
        FakeModel.running((_, wire) -> {
          wire.send(ScriptedUpstream.eventStream());
          wire.sendChunk(FakeModel.stream(FakeModel.words(api, "Yes."), reason, costs));
          if (orderly) {
            wire.sendLastChunk();
          } else {
            wire.close();
          }
        })) {
      assertEquals(List.of("say Yes."), Asked.question("Hello").by(model.settings(api)).lines());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void keyTravelsInTheAuthorizationHeaderAndNowhereElse(ModelSettings.Api api) throws Exception {
    try (LogCapture log = LogCapture.everything();
        FakeModel model =
            FakeModel.running(
                FakeModel.events(FakeModel.words(api, "Yes."), FakeModel.end(api)),
                FakeModel.answer("401 Unauthorized", "text/plain", FakeModel.KEY))) {
      ModelSettings settings = model.settings(api);
      Asked.question("Hello").by(settings);
      IOException refused =
          assertThrows(IOException.class, () -> Asked.question("Hello").by(settings));
      Received request = model.requests().getFirst();
      assertEquals("Bearer " + FakeModel.KEY, request.header("Authorization").orElseThrow());
      assertFalse(request.head().lines().findFirst().orElseThrow().contains(FakeModel.KEY));
      assertFalse(request.text().contains(FakeModel.KEY));
      assertFalse(log.lines().isEmpty());
      try (ModelResponder responder = ModelResponder.to(settings)) {
        for (Object shown : List.of(settings, responder, refused, log.lines())) {
          assertFalse(shown.toString().contains("kanarienvogel"), shown.toString());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void withoutAKeyNoneIsSent(ModelSettings.Api api) throws Exception {
    try (FakeModel model =
        FakeModel.running(FakeModel.events(FakeModel.words(api, "Yes."), FakeModel.end(api)))) {
      Asked.question("Hello")
          .by(
              new ModelSettings(
                  URI.create(model.baseUrl() + "/?api-version=1"),
                  api,
                  "m",
                  Optional.empty(),
                  "",
                  Duration.ofSeconds(20),
                  Duration.ofMinutes(1)));
      Received request = model.requests().getFirst();
      assertEquals(Optional.empty(), request.header("Authorization"));
      assertEquals(
          switch (api) {
            case RESPONSES -> "POST /v1/responses?api-version=1 HTTP/1.1";
            case CHAT_COMPLETIONS -> "POST /v1/chat/completions?api-version=1 HTTP/1.1";
          },
          request.line());
      assertFalse(request.text().contains("instructions"));
      assertFalse(request.text().contains("system"));
    }
  }

  @Test
  void keyThatCannotBeAHeaderIsNotQuoted() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ModelResponder.to(
                    new ModelSettings(
                        URI.create("http://127.0.0.1/v1"),
                        ModelSettings.Api.RESPONSES,
                        "m",
                        Optional.of("kanarien\nvogel"),
                        "",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1))));
    assertFalse(refused.toString().contains("kanarien"), refused.toString());
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void leavingClosesTheCallAtOnceAndIsNoFailure(ModelSettings.Api api) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    RecordedReply reply = new RecordedReply();
    try (LogCapture log = LogCapture.by(ModelResponder.class);
        FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
              closed.complete(wire.awaitClose());
            });
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      CompletableFuture<Void> answer = answering(responder, reply);
      reply.awaitLine("say One ");
      long left = System.nanoTime();
      reply.leave();
      closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(Duration.ofNanos(System.nanoTime() - left).toSeconds() < 1);
      assertInstanceOf(IOException.class, failure(answer));
      assertEquals(List.of("say One "), reply.lines());
      assertEquals(List.of(), log.lines());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void leavingClosesACallThatWasNotAnsweredYet(ModelSettings.Api api) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    RecordedReply reply = new RecordedReply();
    try (FakeModel model = FakeModel.running((_, wire) -> closed.complete(wire.awaitClose()));
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      CompletableFuture<Void> answer = answering(responder, reply);
      model.await();
      reply.leave();
      closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertInstanceOf(IOException.class, failure(answer));
    }
  }

  /// The person is found to be gone when a word is written, before anybody is told.
  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void wordForNobodyClosesTheCall(ModelSettings.Api api) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
              closed.complete(wire.awaitClose());
            });
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      RecordedReply reply = new RecordedReply();
      reply.deaf();
      assertInstanceOf(ClientLeft.class, failure(answering(responder, reply)));
      closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void closingCallsOffWhatIsBeingAnswered(ModelSettings.Api api) throws Exception {
    RecordedReply reply = new RecordedReply();
    try (FakeModel model =
        FakeModel.running((_, wire) -> {
          wire.send(ScriptedUpstream.eventStream());
          wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
          wire.awaitClose();
        })) {
      CompletableFuture<Void> answer;
      try (ModelResponder responder = ModelResponder.to(model.settings(api))) {
        answer = answering(responder, reply);
        reply.awaitLine("say One ");
      }
      assertInstanceOf(IOException.class, failure(answer));
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void modelThatIsSilentForTooLongFails(ModelSettings.Api api) throws Exception {
    RecordedReply reply = new RecordedReply();
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (LogCapture log = LogCapture.by(ModelResponder.class);
        FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
              closed.complete(wire.awaitClose());
            });
        ModelResponder responder = ModelResponder.to(model.settings(api, Duration.ofMillis(300)))) {
      Throwable failure = failure(answering(responder, reply));
      assertEquals("it was silent for too long", failure.getMessage());
      assertTrue(closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS).toMillis() >= 200);
      assertEquals(List.of("say One "), reply.lines());
      assertEquals(1, log.lines().size());
    }
  }

  static Stream<Arguments> modelThatOnlyKeepsItsConnectionAliveIsSilent() {
    return Stream.concat(
        Arrays.stream(ModelSettings.Api.values())
            .flatMap(api ->
                Stream.of(": still here\n\n", FakeModel.stream(FakeModel.words(api, "")))
                    .map(beat -> Arguments.of(api, beat))),
        Stream.of(
            Arguments.of(ModelSettings.Api.RESPONSES, FakeModel.stream("{\"type\":\"keepalive\"}")),
            Arguments.of(
                ModelSettings.Api.RESPONSES,
                FakeModel.stream("{\"type\":\"response.in_progress\",\"response\":{}}")),
            Arguments.of(ModelSettings.Api.CHAT_COMPLETIONS, FakeModel.stream("{\"choices\":[]}")),
            Arguments.of(
                ModelSettings.Api.CHAT_COMPLETIONS,
                FakeModel.stream(
                    "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}"))));
  }

  @ParameterizedTest
  @MethodSource
  void modelThatOnlyKeepsItsConnectionAliveIsSilent(ModelSettings.Api api, String beat)
      throws Exception {
    RecordedReply reply = new RecordedReply();
    try (FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(FakeModel.stream(FakeModel.words(api, "One ")));
              beating(wire, beat);
            });
        ModelResponder responder = ModelResponder.to(model.settings(api, Duration.ofMillis(300)))) {
      Throwable failure = failure(answering(responder, reply));
      assertEquals("it was silent for too long", failure.getMessage());
      assertEquals(List.of("say One "), reply.lines().stream().distinct().toList());
    }
  }

  static Stream<Arguments> modelThatGetsOnIsNotSilent() {
    return Stream.of(
        Arguments.of(
            ModelSettings.Api.RESPONSES, FakeModel.words(ModelSettings.Api.RESPONSES, "x")),
        Arguments.of(
            ModelSettings.Api.RESPONSES,
            """
            {"type":"response.function_call_arguments.delta","output_index":0,"delta":"{"}\
            """),
        Arguments.of(
            ModelSettings.Api.RESPONSES,
            """
            {"type":"response.web_search_call.searching","output_index":0,"item_id":"ws_1"}\
            """),
        Arguments.of(
            ModelSettings.Api.CHAT_COMPLETIONS,
            FakeModel.words(ModelSettings.Api.CHAT_COMPLETIONS, "x")),
        Arguments.of(
            ModelSettings.Api.CHAT_COMPLETIONS,
            "{\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\"}}]}"),
        Arguments.of(
            ModelSettings.Api.CHAT_COMPLETIONS,
            """
            {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}\
            """));
  }

  /// Each is silent for less than the limit, and all of them for longer.
  @ParameterizedTest
  @MethodSource
  void modelThatGetsOnIsNotSilent(ModelSettings.Api api, String event) throws Exception {
    try (FakeModel model =
        FakeModel.running((_, wire) -> {
          wire.send(ScriptedUpstream.eventStream());
          for (int beat = 0; beat < 15; beat++) {
            wire.sendChunk(FakeModel.stream(event));
            assertThrows(
                SocketTimeoutException.class,
                () -> wire.patience(Duration.ofMillis(100)).awaitClose());
          }
          wire.sendLastChunk();
        })) {
      ModelSettings settings = model.settings(api, Duration.ofSeconds(1));
      IOException end = assertThrows(IOException.class, () -> Asked.question("Hello").by(settings));
      assertEquals("its answer broke off", end.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void answerThatGoesOnForEverIsEnded(ModelSettings.Api api) throws Exception {
    RecordedReply reply = new RecordedReply();
    try (LogCapture log = LogCapture.by(ModelResponder.class);
        FakeModel model =
            FakeModel.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              beating(wire, FakeModel.stream(FakeModel.words(api, "and ")));
            });
        ModelResponder responder =
            ModelResponder.to(
                model.settings(api, Duration.ofSeconds(20), Duration.ofMillis(500)))) {
      Throwable failure = failure(answering(responder, reply));
      assertEquals("its answer took too long", failure.getMessage());
      assertEquals(List.of("say and "), reply.lines().stream().distinct().toList());
      assertEquals(1, log.lines().size());
    }
  }

  /// Until it is closed.
  private static void beating(Wire wire, String beat) throws IOException {
    wire.patience(Duration.ofMillis(50));
    while (true) {
      try {
        wire.awaitClose();
        return;
      } catch (SocketTimeoutException _) {
        wire.sendChunk(beat);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void modelThatNeverBeginsFailsAfterOneAttempt(ModelSettings.Api api) throws Exception {
    try (FakeModel model = FakeModel.running((_, wire) -> wire.awaitClose())) {
      assertThrows(
          IOException.class,
          () -> Asked.question("Hello").by(model.settings(api, Duration.ofMillis(300))));
      assertEquals(1, model.requests().size());
    }
  }
}
