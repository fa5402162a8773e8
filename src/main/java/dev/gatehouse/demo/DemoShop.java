package dev.gatehouse.demo;

import dev.gatehouse.agent.chat.Person;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Three orders of everybody, made up. One of them was shipped and cannot be cancelled any more, so
/// that a tool that fails can be seen.
final class DemoShop {
  private static final List<Order> ORDERS =
      List.of(
          new Order("1001", "Lantern", "being packed"),
          new Order("1002", "Gate hinges", "shipped"),
          new Order("1003", "Brass bell", "waiting for payment"));
  private static final Map<String, Object> NOTHING =
      Map.of("type", "object", "properties", Map.of(), "additionalProperties", false);
  private static final Map<String, Object> ORDER_NUMBER =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("order", Map.of("type", "string", "description", "Number of the order")),
          "required",
          List.of("order"),
          "additionalProperties",
          false);

  /// Numbers of cancelled orders by subject; as many people as the demo has users.
  private final Map<String, Set<String>> cancelled = new ConcurrentHashMap<>();

  List<SyncToolSpecification> tools() {
    return List.of(
        tool("whoami", "Who am I", "Says who is signed in.", NOTHING, (person, _) -> named(person)),
        tool(
            "orders_list",
            "Orders",
            "Lists the orders of the signed-in person.",
            NOTHING,
            this::list),
        tool(
            "order_cancel",
            "Cancel an order",
            "Cancels an order that is not shipped yet.",
            ORDER_NUMBER,
            this::cancel));
  }

  private static SyncToolSpecification tool(
      String name,
      String title,
      String description,
      Map<String, Object> schema,
      BiFunction<Person, Map<String, Object>, McpSchema.CallToolResult> answer) {
    return SyncToolSpecification.builder()
        .tool(McpSchema.Tool.builder(name, schema).title(title).description(description).build())
        .callHandler((exchange, call) ->
            answer.apply(SignedIn.person(exchange.transportContext()), call.arguments()))
        .build();
  }

  private static McpSchema.CallToolResult named(Person person) {
    return said(person.name().orElse(person.subject()) + " (" + person.subject() + ")");
  }

  private McpSchema.CallToolResult list(Person person, Map<String, Object> arguments) {
    return said(
        ORDERS.stream()
            .map(order -> order.row(state(person, order)))
            .collect(Collectors.joining("\n")));
  }

  private McpSchema.CallToolResult cancel(Person person, Map<String, Object> arguments) {
    Optional<Order> found =
        ORDERS.stream().filter(order -> order.number().equals(arguments.get("order"))).findFirst();
    if (found.isEmpty()) {
      return failed("There is no such order.");
    }
    Order order = found.get();
    if (order.state().equals("shipped")) {
      return failed("Order " + order.number() + " was shipped already.");
    }
    cancelled
        .computeIfAbsent(person.subject(), _ -> ConcurrentHashMap.newKeySet())
        .add(order.number());
    return said("Order " + order.number() + " (" + order.item() + ") is cancelled.");
  }

  private String state(Person person, Order order) {
    return cancelled.getOrDefault(person.subject(), Set.of()).contains(order.number())
        ? "cancelled"
        : order.state();
  }

  private static McpSchema.CallToolResult said(String text) {
    return McpSchema.CallToolResult.builder().addTextContent(text).isError(false).build();
  }

  private static McpSchema.CallToolResult failed(String text) {
    return McpSchema.CallToolResult.builder().addTextContent(text).isError(true).build();
  }

  private record Order(String number, String item, String state) {
    String row(String state) {
      return "- Order " + number + ": " + item + ", " + state;
    }
  }
}
