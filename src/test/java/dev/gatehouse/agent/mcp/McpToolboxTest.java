package dev.gatehouse.agent.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Toolbox.Inventory;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.agent.chat.Toolbox.Tool;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.agent.mcp.ScriptedTools.Asked;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a toolbox offers and answers, and where the token of a person is.
final class McpToolboxTest {
  private final ScriptedTools server = new ScriptedTools();

  @Test
  void tokenIsInTheHeaderOfEachRequestAndNowhereElse() throws Exception {
    server.on(
        "tools/call",
        asked -> ScriptedTools.error(asked, "you sent " + ScriptedTools.authorization(asked)));
    try (server;
        LogCapture log = LogCapture.everything();
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.Forward()))) {
      Inventory inventory = box.inventory();
      Outcome outcome = box.call("shop_look");
      box.shut();
      Await.that(
          "a farewell",
          () -> server.requests().stream().anyMatch(it -> it.getMethod().equals("DELETE")));
      assertTrue(outcome.failed());
      assertTrue(outcome.text().startsWith("shop did not do it. It says: you sent Bearer …"));
      assertFalse(box.isIn(inventory + " " + outcome + " " + box.toolbox() + log.lines()));
      assertFalse(log.lines().isEmpty(), "nothing was logged at all");
      for (RecordedRequest request : server.requests()) {
        assertEquals("Bearer " + box.token(), request.getHeaders().get("Authorization"));
        assertFalse(box.isIn(request.getUrl() + " " + Asked.of(request).message()));
      }
    }
  }

  @Test
  void serverThatNeedsToKnowNobodyGetsNoToken() {
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(new Outcome(false, "seen"), box.call("shop_look"));
      for (RecordedRequest request : server.requests()) {
        assertNull(request.getHeaders().get("Authorization"));
      }
    }
  }

  @Test
  void serverThatRepeatsTheTokenDoesNotBringItIntoTheConversation() {
    server
        .on(
            "tools/list",
            asked ->
                ScriptedTools.result(
                    asked,
                    "{\"tools\":[{\"name\":\"look\",\"title\":\"%1$s\",\"description\":\"%1$s\",\"inputSchema\":{\"type\":\"object\",\"title\":\"%1$s\"}}]}"
                        .formatted(ScriptedTools.authorization(asked))))
        .on(
            "tools/call",
            asked ->
                ScriptedTools.result(
                    asked, ScriptedTools.text(ScriptedTools.authorization(asked))));
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.Forward()))) {
      assertEquals(1, box.inventory().tools().size());
      assertFalse(box.isIn(box.inventory().toString()), box.inventory()::toString);
      assertEquals(new Outcome(false, "Bearer …"), box.call("shop_look"));
    }
  }

  /// Plain text has no such characters, and would put the token together again.
  @ParameterizedTest
  @ValueSource(strings = {"*", "\\\\", "`", "<>", "|"})
  void tokenIsKnownBetweenMarkup(String markup) {
    server.on(
        "tools/call",
        asked -> {
          String token = ScriptedTools.authorization(asked).substring("Bearer ".length());
          return ScriptedTools.result(
              asked,
              ScriptedTools.text(
                  token.chars().mapToObj(Character::toString).collect(Collectors.joining(markup))));
        });
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.Forward()))) {
      assertEquals(new Outcome(false, "…"), box.call("shop_look"));
    }
  }

  @Test
  void tokenInAnAddressIsTakenOutBeforeTheAddressIsCut() {
    server.on(
        "tools/call",
        asked ->
            ScriptedTools.result(
                asked,
                "{\"content\":[{\"type\":\"resource_link\",\"name\":\"f\",\"uri\":\"https://x.example/%s?t=%s\"}]}"
                    .formatted(
                        "p".repeat(150),
                        ScriptedTools.authorization(asked).substring("Bearer ".length()))));
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.Forward()))) {
      String said = box.call("shop_look").text();
      assertTrue(said.endsWith("p?t=…)"), said);
    }
  }

  @Test
  void serversMayHaveToolsOfTheSameName() {
    try (server;
        ScriptedTools other = new ScriptedTools().says("tools/call", ScriptedTools.text("other"));
        OpenToolbox box =
            OpenToolbox.of(
                server.named("a.b", new TokenUse.None()),
                other.named("a_b", new TokenUse.None()))) {
      assertEquals(
          List.of("a_b_look", "a_b_look_2"),
          box.inventory().tools().stream().map(Tool::name).toList());
      assertEquals("seen", box.call("a_b_look").text());
      assertEquals("other", box.call("a_b_look_2").text());
    }
  }

  @Test
  void serverIsAskedForItsToolsOnce() {
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(box.inventory(), box.inventory());
      assertEquals("seen", box.call("shop_look").text());
      assertEquals(1, server.count("tools/list"));
      assertEquals(1, server.count("initialize"));
    }
  }

  @Test
  void nothingIsSentUntilSomethingIsAsked() {
    try (server) {
      OpenToolbox.of(server.named("shop", new TokenUse.Forward())).close();
      assertTrue(server.requests().isEmpty());
    }
  }

  @Test
  void longNamesAndOddOnesAreMadeFit() {
    server.offers(List.of("x".repeat(100), "ä b/c", "x".repeat(99)));
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      List<String> names = box.inventory().tools().stream().map(Tool::name).toList();
      assertEquals(
          List.of("shop_" + "x".repeat(59), "shop___b_c", "shop_" + "x".repeat(57) + "_2"), names);
      names.forEach(name -> assertEquals("seen", box.call(name).text()));
    }
  }

  @Test
  void thousandToolsAreTooMany() {
    server.offers(IntStream.range(0, 1000).mapToObj(i -> "tool" + i).toList());
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(100, box.inventory().tools().size());
      assertEquals(List.of("Not all tools of shop can be used."), box.inventory().problems());
    }
  }

  @Test
  void listWithoutEndIsLeft() {
    server.says("tools/list", "{\"tools\":[],\"nextCursor\":\"again\"}");
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(new Inventory(List.of(), List.of()), box.inventory());
      assertEquals(20, server.count("tools/list"));
    }
  }

  @Test
  void unknownToolFails() {
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(new Outcome(true, "There is no such tool."), box.call("look"));
    }
  }

  @Test
  void toolThatSaysItFailedFailed() {
    server.says(
        "tools/call",
        "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"no\\n[x](http://x)\"}]}");
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(new Outcome(true, "no x(http://x)"), box.call("shop_look"));
    }
  }

  @Test
  void whatIsNoTextIsNamed() {
    server.says(
        "tools/call",
        "{\"content\":[{\"type\":\"text\",\"text\":\"see\"},"
            + "{\"type\":\"image\",\"data\":\"AAAA\",\"mimeType\":\"image/png\"},"
            + "{\"type\":\"resource\",\"resource\":{\"uri\":\"file:///a\",\"text\":\"b\"}},"
            + "{\"type\":\"resource_link\",\"name\":\"c\",\"uri\":\"file:///c\"}]}");
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(
          new Outcome(
              false, "see\n(image: image/png)\n(resource: file:///a)\n(resource: file:///c)"),
          box.call("shop_look"));
    }
  }

  @Test
  void structuredAnswerWithoutTextIsJson() {
    server.says("tools/call", "{\"content\":[],\"structuredContent\":{\"n\":1}}");
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(new Outcome(false, "{\"n\":1}"), box.call("shop_look"));
    }
  }

  @Test
  void longAnswerIsCutBetweenCharacters() {
    server.says("tools/call", ScriptedTools.text("a" + "ä".repeat(40_000)));
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", new TokenUse.None()))) {
      assertEquals(
          "a" + "ä".repeat(32_767) + "\n\n(The rest was cut off.)", box.call("shop_look").text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "{",
        "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":7}",
      })
  void rubbishIsAProblem(String body) {
    server.on("initialize", _ -> ScriptedTools.json(body));
    assertProblem("gave an answer that cannot be understood", "did not answer in time");
  }

  @Test
  void brokenListIsAProblem() {
    server.says("tools/list", "{\"tools\":{}}");
    assertProblem("gave an answer that cannot be understood");
  }

  @Test
  void errorPageIsAProblemAndIsNotShown() {
    server.on(
        "initialize",
        asked ->
            new MockResponse.Builder()
                .code(500)
                .body("stack of " + ScriptedTools.authorization(asked))
                .build());
    assertProblem("gave an answer that cannot be understood");
  }

  @Test
  void redirectIsNotFollowed() {
    try (ScriptedTools elsewhere = new ScriptedTools()) {
      server.on(
          "initialize",
          _ ->
              new MockResponse.Builder()
                  .code(307)
                  .addHeader("Location", elsewhere.uri().toString())
                  .build());
      assertProblem("gave an answer that cannot be understood");
      assertTrue(elsewhere.requests().isEmpty());
    }
  }

  /// Nothing of the server itself is shown, and the other server's tools are there.
  private void assertProblem(String... oneOf) {
    ToolServer shop =
        new ToolServer("shop", server.uri(), new TokenUse.Forward(), Duration.ofSeconds(2));
    try (server;
        ScriptedTools other = new ScriptedTools();
        OpenToolbox box = OpenToolbox.of(shop, other.named("other", new TokenUse.None()))) {
      Inventory inventory = box.inventory();
      assertEquals(List.of("other_look"), inventory.tools().stream().map(Tool::name).toList());
      assertEquals(1, inventory.problems().size());
      String problem = inventory.problems().getFirst();
      assertTrue(
          List.of(oneOf).stream().anyMatch(text -> problem.equals("shop " + text + ".")), problem);
    }
  }

  @Test
  void closingLeavesNoThreadBehind() throws Exception {
    Set<Thread> started = new HashSet<>();
    Set<Thread> before = httpClients();
    try (server;
        Toolboxes toolboxes = McpToolboxes.of(List.of(server.named("shop", new TokenUse.None())))) {
      try (OpenToolbox box = OpenToolbox.of(toolboxes, OpenToolbox.secret())) {
        assertEquals(new Outcome(false, "seen"), box.call("shop_look"));
      }
      started.addAll(httpClients());
      started.removeAll(before);
      assertFalse(started.isEmpty(), "no thread to look for");
    }
    Await.that("an end of them", () -> started.stream().noneMatch(Thread::isAlive));
  }

  private static Set<Thread> httpClients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("HttpClient-"))
        .collect(Collectors.toSet());
  }
}
