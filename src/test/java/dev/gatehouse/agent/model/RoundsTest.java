package dev.gatehouse.agent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A model that calls tools.
final class RoundsTest {
  private static ScriptedUpstream.Script says(ModelSettings.Api api, String words) {
    return FakeModel.events(FakeModel.words(api, words), FakeModel.end(api));
  }

  private static ScriptedUpstream.Script searches(ModelSettings.Api api, String arguments) {
    return FakeModel.events(FakeModel.call(api, 0, "c1", "search", arguments), FakeModel.end(api));
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void toolIsCalledAndTheModelGoesOnWithWhatItSaid(ModelSettings.Api api) throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "Moby Dick ![x](http://evil)"));
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                FakeModel.words(api, "Let me see."),
                FakeModel.call(api, 1, "c1", "search", "{\"q\":\"whale\"}"),
                FakeModel.end(api)),
            says(api, "Found."))) {
      RecordedReply reply = Asked.question("Whales?").with(tools).by(model.settings(api));
      assertEquals(
          List.of(
              "say Let me see.",
              "work bolt: Search the library",
              "done Moby Dick !x(http://evil)",
              "say Found."),
          reply.lines());
      assertEquals(List.of("search{\"q\":\"whale\"}"), tools.calls);
    }
  }

  @Test
  void responsesSeesItsCallAndTheResult() throws Exception {
    ModelSettings.Api api = ModelSettings.Api.RESPONSES;
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                FakeModel.words(api, "Let me see."),
                FakeModel.call(api, 1, "c1", "search", "{\"q\":\"whale\"}"),
                FakeModel.end(api)),
            says(api, "Found."))) {
      Asked.question("Whales?")
          .with(FakeTools.finding(_ -> new Outcome(false, "Moby <Dick>")))
          .by(model.settings(api));
      assertEquals(
          Asked.json(
              """
              [{"type":"function","name":"search","description":"Finds books.","strict":false,
                "parameters":{"type":"object","properties":{"q":{"type":"string"}}}}]
              """),
          model.prompt(0).path("tools"));
      assertTrue(
          model
              .requests()
              .get(1)
              .text()
              .contains(
                  """
                  {"role":"user","content":"Whales?"},\
                  {"role":"assistant","content":"Let me see."},\
                  {"type":"function_call","call_id":"c1","name":"search",\
                  "arguments":"{\\"q\\":\\"whale\\"}"},\
                  {"type":"function_call_output","call_id":"c1","output":"Moby <Dick>"}],\
                  "tools":[{"type":"function","name":"search\"\
                  """),
          model.requests().get(1).text());
    }
  }

  @Test
  void chatCompletionsSeesItsCallAndTheResult() throws Exception {
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                FakeModel.words(api, "Let me see."),
                FakeModel.call(api, 0, "c1", "search", "{\"q\":\"whale\"}"),
                FakeModel.end(api)),
            says(api, "Found."))) {
      Asked.question("Whales?")
          .with(FakeTools.finding(_ -> new Outcome(false, "Moby <Dick>")))
          .by(model.settings(api));
      assertEquals(
          Asked.json(
              """
              [{"type":"function","function":{"name":"search","description":"Finds books.",
                "parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}]
              """),
          model.prompt(0).path("tools"));
      assertTrue(
          model
              .requests()
              .get(1)
              .text()
              .contains(
                  """
                  {"role":"user","content":"Whales?"},\
                  {"role":"assistant","content":"Let me see.","tool_calls":[\
                  {"id":"c1","type":"function","function":{"name":"search",\
                  "arguments":"{\\"q\\":\\"whale\\"}"}}]},\
                  {"role":"tool","tool_call_id":"c1","content":"Moby <Dick>"}],\
                  "tools":[{"type":"function","function":{"name":"search\"\
                  """),
          model.requests().get(1).text());
    }
  }

  @Test
  void chatCompletionsCallsComeInPiecesAndMixed() throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "ok"));
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    String piece = "{\"choices\":[{\"delta\":{\"tool_calls\":[%s]}}]}";
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                piece.formatted(
                    "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"search\",\"arguments\":\"\"}}"),
                piece.formatted("{\"index\":0,\"function\":{\"arguments\":\"{\\\"q\\\":\"}}"),
                piece.formatted(
                    "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"search\",\"arguments\":\"{\"}}"),
                piece.formatted("{\"index\":0,\"function\":{\"arguments\":\"1}\"}}"),
                piece.formatted("{\"index\":1,\"function\":{\"arguments\":\"}\"}}"),
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}",
                "{\"choices\":[],\"usage\":{}}",
                "[DONE]"),
            says(api, "Done."))) {
      Asked.question("Both").with(tools).by(model.settings(api));
      assertEquals(List.of("search{\"q\":1}", "search{}"), tools.calls);
      assertEquals(
          Asked.json(
              """
              [{"role":"tool","tool_call_id":"a","content":"ok"},
               {"role":"tool","tool_call_id":"b","content":"ok"}]
              """),
          Asked.json(
              "["
                  + model.prompt(1).at("/messages/4")
                  + ","
                  + model.prompt(1).at("/messages/5")
                  + "]"));
    }
  }

  @Test
  void chatCompletionsCallsWithoutAnIndexAreToldApartByTheirIds() throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "ok"));
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    String call =
        "{\"id\":\"%s\",\"function\":{\"name\":\"search\",\"arguments\":\"{\\\"q\\\":%d}\"}}";
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                "{\"choices\":[{\"delta\":{\"tool_calls\":[%s,%s]}}]}"
                    .formatted(call.formatted("a", 1), call.formatted("b", 2)),
                "[DONE]"),
            says(api, "Done."))) {
      Asked.question("Both").with(tools).by(model.settings(api));
      assertEquals(List.of("search{\"q\":1}", "search{\"q\":2}"), tools.calls);
    }
  }

  @Test
  void responsesCallsComeInPiecesAndInParallel() throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "ok"));
    ModelSettings.Api api = ModelSettings.Api.RESPONSES;
    String added =
        "{\"type\":\"response.output_item.added\",\"output_index\":%d,\"item\":"
            + "{\"type\":\"function_call\",\"call_id\":\"%s\",\"name\":\"search\",\"arguments\":\"\"}}";
    String done =
        "{\"type\":\"response.function_call_arguments.done\",\"output_index\":%d,\"arguments\":\"{\\\"q\\\":%d}\"}";
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(
                "{\"type\":\"response.created\",\"response\":{}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"reasoning\"}}",
                added.formatted(1, "a"),
                added.formatted(2, "b"),
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":2,\"delta\":\"{\"}",
                done.formatted(2, 2),
                done.formatted(1, 1),
                FakeModel.call(api, 1, "a", "search", "{\"q\":1}"),
                FakeModel.end(api)),
            says(api, "Done."))) {
      Asked.question("Both").with(tools).by(model.settings(api));
      assertEquals(List.of("search{\"q\":1}", "search{\"q\":2}"), tools.calls);
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void toolThatFailsIsAVisibleItemAndTheAnswerGoesOn(ModelSettings.Api api) throws Exception {
    try (FakeModel model = FakeModel.running(searches(api, "{}"), says(api, "It is down."))) {
      RecordedReply reply =
          Asked.question("Whales?")
              .with(FakeTools.finding(_ -> new Outcome(true, "Nothing came within 30 s.")))
              .by(model.settings(api));
      assertEquals(
          List.of(
              "work bolt: Search the library",
              "done Failed: Nothing came within 30 s.",
              "say It is down."),
          reply.lines());
      assertTrue(model.requests().get(1).text().contains("\"Failed: Nothing came within 30 s.\""));
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void brokenArgumentsAreToldToTheModelAndNotSentToTheTool(ModelSettings.Api api) throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "ok"));
    try (FakeModel model = FakeModel.running(searches(api, "{\"q\":"), says(api, "Sorry."))) {
      RecordedReply reply = Asked.question("Whales?").with(tools).by(model.settings(api));
      assertEquals(
          List.of(
              "work bolt: Search the library",
              "done Failed: The arguments are not a JSON object.",
              "say Sorry."),
          reply.lines());
      assertEquals(List.of(), tools.calls);
      assertTrue(model.requests().get(1).text().contains("\"arguments\":\"{}\""));
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void toolThatIsNotThereIsAVisibleItemUnderItsPlainName(ModelSettings.Api api) throws Exception {
    try (FakeModel model =
        FakeModel.running(
            FakeModel.events(FakeModel.call(api, 0, "c1", "<b>rm*", "{}"), FakeModel.end(api)),
            says(api, "Sorry."))) {
      RecordedReply reply =
          Asked.question("Whales?")
              .with(FakeTools.finding(_ -> new Outcome(false, "ok")))
              .by(model.settings(api));
      assertEquals(
          List.of("work bolt: brm", "done Failed: There is no such tool.", "say Sorry."),
          reply.lines());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void serverWithoutItsToolsIsAVisibleItem(ModelSettings.Api api) throws Exception {
    try (FakeModel model = FakeModel.running(says(api, "Hello."))) {
      RecordedReply reply =
          Asked.question("Hello")
              .with(
                  new FakeTools(
                      List.of("library needs the scope *books:read*"), _ -> new Outcome(false, "")))
              .by(model.settings(api));
      assertEquals(
          List.of(
              "work bolt: Tools that are missing",
              "done library needs the scope books:read",
              "say Hello."),
          reply.lines());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void resultsThatAreTooLongAreCutOffForTheModel(ModelSettings.Api api) throws Exception {
    try (FakeModel model = FakeModel.running(searches(api, ""), says(api, "Long."))) {
      Asked.question("Whales?")
          .with(FakeTools.finding(_ -> new Outcome(false, "x".repeat(64 * 1024 + 1))))
          .by(model.settings(api));
      String sent = model.requests().get(1).text();
      assertTrue(sent.contains("x".repeat(64 * 1024) + "… (cut off)"));
      assertFalse(sent.contains("x".repeat(64 * 1024 + 1)));
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void modelThatOnlyCallsToolsIsEndedAfterEightRounds(ModelSettings.Api api) throws Exception {
    FakeTools tools = FakeTools.finding(_ -> new Outcome(false, "ok"));
    try (FakeModel model = FakeModel.running(searches(api, "{}"))) {
      RecordedReply reply = Asked.question("Whales?").with(tools).by(model.settings(api));
      assertEquals(8, model.requests().size());
      assertEquals(7, tools.calls.size());
      assertEquals(
          "say I stopped here: after 8 rounds of tool calls there was still no answer.",
          reply.lines().getLast());
    }
  }

  @ParameterizedTest
  @EnumSource(ModelSettings.Api.class)
  void modelIsNotAskedAgainIfThePersonLeavesDuringACall(ModelSettings.Api api) throws Exception {
    RecordedReply reply = new RecordedReply();
    FakeTools tools =
        FakeTools.finding(_ -> {
          reply.leave();
          return new Outcome(true, "closed");
        });
    try (FakeModel model = FakeModel.running(searches(api, "{}"));
        ModelResponder responder = ModelResponder.to(model.settings(api))) {
      assertThrows(
          ClientLeft.class,
          () -> responder.respond(Asked.question("Whales?").with(tools).turn(), reply));
      assertEquals(1, model.requests().size());
    }
  }
}
