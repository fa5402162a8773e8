package dev.gatehouse.agent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers that end, but not as they should.
final class ShortfallTest {
  private static final String NOTICE = "notice WARNING The answer is incomplete: ";

  private static List<String> answered(ModelSettings.Api api, String... events) throws Exception {
    try (FakeModel model = FakeModel.running(FakeModel.events(events))) {
      return Asked.question("Hello")
          .with(
              FakeTools.finding(_ -> {
                throw new AssertionError("half a call was made");
              }))
          .by(model.settings(api))
          .lines();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "max_output_tokens, The model reached its limit before it was done.",
    "content_filter, A filter of the model's provider ended the answer.",
    "kanarienvogel, The model ended the answer before it was done."
  })
  void responsesThatAreIncompleteSayWhy(String reason, String text) throws Exception {
    ModelSettings.Api api = ModelSettings.Api.RESPONSES;
    assertEquals(
        List.of("say One ", NOTICE + text),
        answered(
            api,
            FakeModel.words(api, "One "),
            FakeModel.call(api, 1, "c", "search", "{"),
            """
            {"type":"response.incomplete","response":{"incomplete_details":{"reason":"%s"}}}\
            """
                .formatted(reason)));
  }

  @ParameterizedTest
  @CsvSource({
    "length, The model reached its limit before it was done.",
    "content_filter, A filter of the model's provider ended the answer.",
    "kanarienvogel, The model ended the answer before it was done."
  })
  void chatCompletionsThatAreCutShortSayWhy(String reason, String text) throws Exception {
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    assertEquals(
        List.of("say One ", NOTICE + text),
        answered(
            api,
            FakeModel.words(api, "One "),
            FakeModel.call(api, 0, "c", "search", "{"),
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"%s\"}]}".formatted(reason),
            "[DONE]"));
  }

  @Test
  void refusalOfResponsesIsSaid() throws Exception {
    ModelSettings.Api api = ModelSettings.Api.RESPONSES;
    assertEquals(
        List.of("say I will not."),
        answered(
            api,
            "{\"type\":\"response.refusal.delta\",\"delta\":\"I will not.\"}",
            FakeModel.end(api)));
  }

  @Test
  void refusalOfChatCompletionsIsSaid() throws Exception {
    ModelSettings.Api api = ModelSettings.Api.CHAT_COMPLETIONS;
    assertEquals(
        List.of("say I will not."),
        answered(
            api,
            "{\"choices\":[{\"delta\":{\"content\":null,\"refusal\":\"I will not.\"}}]}",
            FakeModel.end(api)));
  }
}
