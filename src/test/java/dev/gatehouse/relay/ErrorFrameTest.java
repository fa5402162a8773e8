package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A ChatKit client posts the same message again on any 5xx, so it must not see one on a stream.
final class ErrorFrameTest {
  private static final String LIST = "{\"type\":\"threads.list\",\"params\":{}}";

  private static void assertFrame(Reply reply, boolean retry) {
    assertEquals(200, reply.status());
    assertEquals(Optional.of("text/event-stream"), reply.header("Content-Type"));
    assertEquals(Optional.of("no-cache, no-transform"), reply.header("Cache-Control"));
    String text = reply.text();
    assertTrue(text.startsWith("data: {") && text.endsWith("}\n\n"), text);
    JsonNode event = JsonMapper.shared().readTree(text.substring("data: ".length()));
    assertEquals("error", event.get("type").asString());
    assertEquals("custom", event.get("code").asString());
    assertEquals(retry, event.get("allow_retry").asBoolean());
    assertEquals(4, event.size());
  }

  @Test
  void failureOfTheGateOnAStreamingOperationIsAFrame() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.close());
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertFrame(gate.browser().post(PATH, Browser.MESSAGE), true);
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void failureOfTheUpstreamOnAStreamingOperationIsAFrame() throws Exception {
    try (ScriptedUpstream upstream = failing();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertFrame(gate.browser().post(PATH, Browser.MESSAGE), true);
    }
  }

  @Test
  void unknownOperationThatWaitsForEventsGetsAFrame() throws Exception {
    try (ScriptedUpstream upstream = failing();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      Browser browser = gate.browser().with("Accept", "text/event-stream");
      assertFrame(browser.post(PATH, "{\"type\":\"threads.new_thing\"}"), true);
    }
  }

  @Test
  void otherOperationsGetAProblem() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.close());
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      gate.browser().post(PATH, LIST).assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
    }
  }

  @Test
  void failureOfTheUpstreamOnOtherOperationsIsPassedOn() throws Exception {
    try (ScriptedUpstream upstream = failing();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      Reply reply = gate.browser().post(PATH, LIST);
      assertEquals(500, reply.status());
      assertEquals("oops", reply.text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp", "a2a", "ag-ui", "ai-sdk", "openai", "json"})
  void failureOfTheUpstreamIsPassedOnWhereNobodyPostsAgain(String protocol) throws Exception {
    try (ScriptedUpstream upstream = failing();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: " + protocol).start()) {
      Reply reply =
          gate.browser()
              .with("Accept", "text/event-stream")
              .post(PATH, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}");
      assertEquals(500, reply.status());
      assertEquals("oops", reply.text());
    }
  }

  @Test
  void failureOfTheClientStaysA4xx() throws Exception {
    try (ScriptedUpstream upstream = failing();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      gate.stranger()
          .with("Accept", "text/event-stream")
          .post(PATH, Browser.MESSAGE)
          .assertProblem(ProblemCode.NOT_AUTHENTICATED);
    }
  }

  private static ScriptedUpstream failing() {
    return ScriptedUpstream.running((_, wire) ->
        wire.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"));
  }
}
