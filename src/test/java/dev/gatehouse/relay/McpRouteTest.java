package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class McpRouteTest {

  private static List<String> startOf(String protocol) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        LogCapture log = LogCapture.by(Route.class);
        RunningGatehouse _ =
            RunningGatehouse.towards(upstream.uri()).route("protocol: " + protocol).start()) {
      return log.lines();
    }
  }

  @Test
  void startWarnsThatTokensArePassedOn() throws Exception {
    List<String> lines = startOf("mcp");
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("MCP forbids to pass tokens on"), lines.getFirst());
    assertTrue(lines.getFirst().contains("WARN"), lines.getFirst());
  }

  @Test
  void startOfOthersDoesNot() throws Exception {
    assertEquals(List.of(), startOf("json"));
  }
}
