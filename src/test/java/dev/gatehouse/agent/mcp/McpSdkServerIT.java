package dev.gatehouse.agent.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gatehouse.agent.chat.Toolbox.Inventory;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.agent.chat.Toolbox.Tool;
import dev.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The agent's tools against a server of the official TypeScript SDK that demands a bearer token.
/// Where Node or the SDK is missing it is left out, and says so.
final class McpSdkServerIT {
  private static final String MISSING =
      "NOT TESTED: tools of the official TypeScript SDK were not called. Missing is ";

  @BeforeAll
  static void needsNode() {
    Optional<String> missing = SdkServer.missing();
    missing.ifPresent(it -> System.out.println("[WARNING] McpSdkServerIT: " + MISSING + it + "."));
    Assumptions.assumeTrue(missing.isEmpty(), () -> MISSING + missing.orElseThrow());
  }

  @Test
  void toolIsCalledWithTheTokenWhichIsNowhereElse() throws Exception {
    String token = OpenToolbox.secret();
    try (SdkServer server = SdkServer.start(token);
        LogCapture log = LogCapture.everything();
        OpenToolbox box = open(server, "/mcp", token)) {
      Inventory inventory = box.inventory();
      assertEquals(List.of(), inventory.problems());
      assertEquals(
          List.of("sdk_greet", "sdk_fail"), inventory.tools().stream().map(Tool::name).toList());
      Outcome greeted =
          box.toolbox().call("sdk_greet", JsonNodeFactory.instance.objectNode().put("word", "Hi"));
      assertEquals(new Outcome(false, "Hi, ada"), greeted);
      assertEquals(new Outcome(true, "out of stock"), box.call("sdk_fail"));
      JsonNode seen = server.seen();
      assertEquals(5, seen.size(), seen::toString);
      for (JsonNode request : seen) {
        assertEquals("Bearer " + token, request.path("authorization").asString());
        assertFalse(box.isIn(request.path("rest").toString()));
      }
      assertFalse(box.isIn(inventory + " " + greeted + log.lines()));
    }
  }

  @Test
  void tokenThatIsNotAcceptedAndScopeThatIsMissingAreProblems() throws Exception {
    String token = OpenToolbox.secret();
    try (SdkServer server = SdkServer.start(token);
        OpenToolbox stranger = open(server, "/mcp", OpenToolbox.secret());
        OpenToolbox box = open(server, "/admin", token)) {
      assertEquals(List.of("sdk did not accept the sign-in."), stranger.inventory().problems());
      assertEquals(
          List.of("sdk does not allow this. It wants the scopes: admin."),
          box.inventory().problems());
    }
  }

  private static OpenToolbox open(SdkServer server, String path, String token) {
    ToolServer sdk =
        new ToolServer(
            "sdk", server.address().resolve(path), new TokenUse.Forward(), Duration.ofSeconds(20));
    return OpenToolbox.of(McpToolboxes.of(List.of(sdk)), token);
  }
}
