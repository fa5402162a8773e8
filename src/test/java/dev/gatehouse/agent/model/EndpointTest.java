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
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                  Duration.ofSeconds(20)));
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
      assertEquals("its connection failed with SocketTimeoutException", failure.getMessage());
      assertTrue(closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS).toMillis() >= 200);
      assertEquals(List.of("say One "), reply.lines());
      assertEquals(1, log.lines().size());
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
