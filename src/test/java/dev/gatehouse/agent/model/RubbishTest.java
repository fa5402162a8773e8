package dev.gatehouse.agent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What no model should answer: each is a failure, is told in one line, and is quoted nowhere.
final class RubbishTest {
  private static final String HTML = "<html>kanarienvogel</html>";
  private static final int MEGABYTE = 1024 * 1024;

  /// @param message what the failure says
  /// @param script does it
  record Rubbish(
      String name, ModelSettings.Api api, String message, ScriptedUpstream.Script script) {
    @Override
    public String toString() {
      return api + ": " + name;
    }
  }

  static Stream<Rubbish> rubbish() {
    return Stream.concat(
        Arrays.stream(ModelSettings.Api.values())
            .flatMap(api ->
                Stream.of(statuses(api), bodies(api), breaks(api), calls(api))
                    .flatMap(List::stream)),
        Stream.concat(responses(), chatCompletions()));
  }

  private static List<Rubbish> statuses(ModelSettings.Api api) {
    return Stream.of("204", "302", "401", "404", "429", "500", "503")
        .map(status ->
            new Rubbish(
                "status " + status,
                api,
                "it answered with status " + status,
                status.equals("204")
                    ? (_, wire) -> wire.send("HTTP/1.1 204 kanarienvogel\r\n\r\n")
                    : FakeModel.answer(status + " kanarienvogel", "text/html", HTML)))
        .toList();
  }

  private static List<Rubbish> bodies(ModelSettings.Api api) {
    String noStream = "it answered with something else than an event stream";
    return List.of(
        new Rubbish("HTML", api, noStream, FakeModel.answer("200 OK", "text/html", HTML)),
        new Rubbish(
            "JSON", api, noStream, FakeModel.answer("200 OK", "application/json", "{\"a\":1}")),
        new Rubbish(
            "no JSON", api, "an event is no JSON object", FakeModel.events("kanarienvogel")),
        new Rubbish("half a JSON", api, "an event is no JSON object", FakeModel.events("{\"a\":")),
        new Rubbish("a list", api, "an event is no JSON object", FakeModel.events("[1]")),
        new Rubbish(
            "a deep one", api, "an event is no JSON object", FakeModel.events("[".repeat(9000))),
        new Rubbish("no events", api, "its answer broke off", FakeModel.events()),
        new Rubbish("no words", api, "it said nothing", FakeModel.events(FakeModel.end(api))),
        new Rubbish(
            "an event that is too large",
            api,
            "an event is too large",
            FakeModel.events(FakeModel.words(api, "x".repeat(MEGABYTE + 9000)))),
        new Rubbish(
            "a line without end",
            api,
            "an event is too large",
            (_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < 20; i++) {
                wire.sendChunk("x".repeat(MEGABYTE / 8));
              }
              wire.awaitClose();
            }),
        new Rubbish(
            "words without end",
            api,
            "its answer is too long",
            (_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < 20; i++) {
                wire.sendChunk(FakeModel.stream(FakeModel.words(api, "x".repeat(MEGABYTE / 8))));
              }
              wire.awaitClose();
            }));
  }

  private static List<Rubbish> breaks(ModelSettings.Api api) {
    String words = FakeModel.stream(FakeModel.words(api, "One "));
    return List.of(
        new Rubbish(
            "an end before the last event",
            api,
            "its answer broke off",
            FakeModel.events(FakeModel.words(api, "One "))),
        new Rubbish(
            "an end within the last event",
            api,
            "its answer broke off",
            (_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk("data: " + FakeModel.end(api));
              wire.sendLastChunk();
            }),
        new Rubbish(
            "a closed connection",
            api,
            "its connection failed with EOFException",
            (_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(words);
              wire.close();
            }),
        new Rubbish(
            "no head", api, "its connection failed with IOException", (_, wire) -> wire.close()),
        new Rubbish(
            "no HTTP",
            api,
            "its connection failed with ProtocolException",
            (_, wire) -> wire.send("kanarienvogel\r\n\r\n")),
        new Rubbish(
            "no chunk",
            api,
            "its connection failed with ProtocolException",
            (_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.sendChunk(words);
              wire.send("kanarienvogel\r\n");
            }));
  }

  private static List<Rubbish> calls(ModelSettings.Api api) {
    String nameless = "it wanted a tool without saying which";
    String[] many = new String[34];
    Arrays.setAll(many, i -> FakeModel.call(api, i, "c" + i, "search", "{}"));
    return List.of(
        new Rubbish(
            "a call without a name",
            api,
            nameless,
            FakeModel.events(FakeModel.call(api, 0, "c", "", "{}"), FakeModel.end(api))),
        new Rubbish(
            "a call without an id",
            api,
            nameless,
            FakeModel.events(FakeModel.call(api, 0, "", "search", "{}"), FakeModel.end(api))),
        new Rubbish("33 calls", api, "it wanted too many tools at once", FakeModel.events(many)));
  }

  private static Stream<Rubbish> responses() {
    String failed = "it said that it failed";
    return Stream.of(
            List.of("{\"type\":\"error\",\"message\":\"kanarienvogel\"}", failed),
            List.of("{\"type\":\"response.failed\",\"response\":{\"error\":{}}}", failed),
            List.of("{\"a\":\"kanarienvogel\"}", "an event has no type"),
            List.of("{\"type\":7}", "an event has something else where text should be"),
            List.of(
                "{\"type\":\"response.output_text.delta\",\"delta\":{\"kanarienvogel\":1}}",
                "an event has something else where text should be"),
            List.of(
                "{\"type\":\"response.output_item.done\",\"item\":[]}",
                "an event has something else where an object should be"),
            List.of(
                "{\"type\":\"response.output_item.done\",\"output_index\":-1,\"item\":{\"type\":\"function_call\"}}",
                "an event has something else where an index should be"))
        .map(event ->
            new Rubbish(
                event.get(0),
                ModelSettings.Api.RESPONSES,
                event.get(1),
                FakeModel.events(event.get(0))));
  }

  private static Stream<Rubbish> chatCompletions() {
    String failed = "it said that it failed";
    return Stream.of(
            List.of("{\"error\":{\"message\":\"kanarienvogel\"}}", failed),
            List.of("{\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}", failed),
            List.of("{\"a\":\"kanarienvogel\"}", "an event has no choices"),
            List.of("{\"choices\":7}", "an event has something else where a list should be"),
            List.of("{\"choices\":[7]}", "an event has something else where an object should be"),
            List.of(
                "{\"choices\":[{\"delta\":{\"content\":[\"kanarienvogel\"]}}]}",
                "an event has something else where text should be"),
            List.of(
                "{\"choices\":[{\"delta\":{\"tool_calls\":{}}}]}",
                "an event has something else where a list should be"),
            List.of(
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1.5}]}}]}",
                "an event has something else where an index should be"))
        .map(event ->
            new Rubbish(
                event.get(0),
                ModelSettings.Api.CHAT_COMPLETIONS,
                event.get(1),
                FakeModel.events(event.get(0))));
  }

  @ParameterizedTest
  @MethodSource("rubbish")
  void isAFailureThatIsToldOnceAndQuotedNowhere(Rubbish rubbish) throws Exception {
    try (LogCapture log = LogCapture.everything();
        FakeModel model = FakeModel.running(rubbish.script)) {
      IOException failure =
          assertThrows(
              IOException.class, () -> Asked.question("Hello").by(model.settings(rubbish.api)));
      assertEquals(rubbish.message, failure.getMessage());
      assertEquals(1, model.requests().size(), "asked again");
      List<String> lines =
          log.lines().stream().filter(line -> line.contains("ModelResponder")).toList();
      assertEquals(1, lines.size(), lines.toString());
      assertFalse(log.lines().toString().contains("kanarienvogel"), log.lines().toString());
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        assertFalse(cause.toString().contains("kanarienvogel"), cause.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void wordsBeforeAFailureWereSaid(ModelSettings.Api api) throws Exception {
    RecordedReply reply = new RecordedReply();
    try (FakeModel model =
            FakeModel.running(FakeModel.events(FakeModel.words(api, "One "), "kanarienvogel"));
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      assertThrows(
          IOException.class, () -> responder.respond(Asked.question("Hello").turn(), reply));
      assertEquals(List.of("say One "), reply.lines());
    }
  }
}
