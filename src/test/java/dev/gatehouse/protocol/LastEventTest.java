package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ProtocolName;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LastEventTest {

  private static boolean isLast(ProtocolName protocol, String data) {
    return Protocols.of(protocol).lastEvent().orElseThrow().test(data);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "AG_UI|{\"type\":\"RUN_FINISHED\",\"result\":{}}",
        "AG_UI|{\"message\":\"m\",\"type\":\"RUN_ERROR\"}",
        "A2A|{\"result\":{\"kind\":\"status-update\",\"final\":true}}",
        "A2A|{\"result\":{\"kind\":\"message\",\"parts\":[]}}",
        "A2A|{\"result\":{\"message\":{}}}",
        "A2A|{\"result\":{\"kind\":\"task\",\"status\":{\"state\":\"failed\"}}}",
        "A2A|{\"result\":{\"task\":{\"status\":{\"state\":\"TASK_STATE_REJECTED\"}}}}",
        "A2A|{\"result\":{\"statusUpdate\":{\"status\":{\"state\":\"TASK_STATE_AUTH_REQUIRED\"}}}}",
        "A2A|{\"statusUpdate\":{\"status\":{\"state\":\"TASK_STATE_CANCELED\"}}}",
        "A2A|{\"message\":{\"messageId\":\"m\"}}",
        "A2A|{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,\"message\":\"m\"}}",
        "AI_SDK|[DONE]",
        "OPENAI|[DONE]",
        "OPENAI|{\"type\":\"response.completed\",\"response\":{\"output\":[{\"text\":\"cut o",
        "OPENAI|{\"type\":\"response.failed\"}",
        "OPENAI|{\"type\":\"response.incomplete\"}",
        "OPENAI|{\"type\":\"error\",\"code\":\"x\"}"
      })
  void theseEndAStream(ProtocolName protocol, String data) {
    assertTrue(isLast(protocol, data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "AG_UI|{\"type\":\"RAW\",\"event\":{\"type\":\"RUN_FINISHED\"}}",
        "AG_UI|{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"RUN_FINISHED\"}",
        "AG_UI|[\"RUN_FINISHED\"]",
        "A2A|{\"result\":{\"kind\":\"status-update\",\"final\":false,\"status\":{\"state\":\"working\"}}}",
        "A2A|{\"result\":{\"artifactUpdate\":{\"artifact\":{\"parts\":[{\"data\":{\"final\":true}}]}}}}",
        "A2A|{\"result\":{\"statusUpdate\":{\"status\":{\"state\":\"TASK_STATE_WORKING\",\"message\":{}}}}}",
        "A2A|{\"result\":{\"task\":{\"status\":{\"state\":\"TASK_STATE_SUBMITTED\"}}},\"message\":1}",
        "OPENAI|{\"type\":\"response.output_text.delta\",\"delta\":\"[DONE]\"}",
        "OPENAI|{\"choices\":[]}"
      })
  void theseDoNot(ProtocolName protocol, String data) {
    assertFalse(isLast(protocol, data));
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolName.class,
      names = {"CHATKIT", "MCP", "JSON", "RAW"})
  void noEventEndsAStreamOfThese(ProtocolName protocol) {
    assertEquals(Optional.empty(), Protocols.of(protocol).lastEvent());
  }
}
