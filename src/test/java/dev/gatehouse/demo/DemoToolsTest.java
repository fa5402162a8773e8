package dev.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.agent.mcp.McpToolboxes;
import dev.gatehouse.agent.mcp.TokenUse;
import dev.gatehouse.agent.mcp.ToolServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// The demo's tools as its agent calls them.
final class DemoToolsTest {
  private DemoIdentityProvider provider;
  private DemoTools tools;

  @BeforeEach
  void start() throws IOException {
    provider = DemoIdentityProvider.start();
    tools = DemoTools.start(provider);
  }

  @AfterEach
  void stop() {
    tools.close();
    provider.close();
  }

  @Test
  void toolsAreOffered() {
    try (Toolbox box = open(provider.issue(DemoUser.READER))) {
      Toolbox.Inventory inventory = box.inventory();
      assertEquals(List.of(), inventory.problems());
      assertEquals(
          List.of("shop_order_cancel", "shop_orders_list", "shop_whoami"),
          inventory.tools().stream().map(Toolbox.Tool::name).sorted().toList());
    }
  }

  @Test
  void toolsKnowWhoIsSignedIn() {
    try (Toolbox box = open(provider.issue(DemoUser.EDITOR))) {
      assertEquals(new Outcome(false, "Demo Editor (demo-editor)"), call(box, "shop_whoami"));
    }
  }

  @Test
  void orderOfOnePersonIsCancelledForThatPersonOnly() {
    try (Toolbox reader = open(provider.issue(DemoUser.READER));
        Toolbox editor = open(provider.issue(DemoUser.EDITOR))) {
      assertEquals(
          new Outcome(false, "Order 1001 (Lantern) is cancelled."), cancel(reader, "1001"));
      assertTrue(
          call(reader, "shop_orders_list").text().contains("Order 1001: Lantern, cancelled"));
      assertTrue(
          call(editor, "shop_orders_list").text().contains("Order 1001: Lantern, being packed"));
    }
  }

  @Test
  void shippedOrderCannotBeCancelled() {
    try (Toolbox box = open(provider.issue(DemoUser.READER))) {
      assertEquals(new Outcome(true, "Order 1002 was shipped already."), cancel(box, "1002"));
      assertEquals(new Outcome(true, "There is no such order."), cancel(box, "1"));
    }
  }

  @Test
  void tokenOfAnotherIssuerIsNotAccepted() throws IOException {
    try (DemoIdentityProvider other = DemoIdentityProvider.start();
        Toolbox box = open(other.issue(DemoUser.READER))) {
      assertEquals(List.of("shop did not accept the sign-in."), box.inventory().problems());
    }
  }

  private Toolbox open(String token) {
    ToolServer shop =
        new ToolServer("shop", tools.uri(), new TokenUse.Forward(), Duration.ofSeconds(20));
    return McpToolboxes.of(List.of(shop))
        .open(new Person("whoever", Optional.empty()), new BearerToken(token));
  }

  private static Outcome call(Toolbox box, String tool) {
    return box.call(tool, JsonNodeFactory.instance.objectNode());
  }

  private static Outcome cancel(Toolbox box, String order) {
    return box.call("shop_order_cancel", JsonNodeFactory.instance.objectNode().put("order", order));
  }
}
