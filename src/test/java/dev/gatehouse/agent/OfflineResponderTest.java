package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class OfflineResponderTest {
  private static final String READER = RunningAgent.READER;

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void personIsNamedFromTheTokenAndNotFromMetadata() {
    String claimed =
        """
        {"userId":"editor","userInfo":{"id":"editor","name":"Somebody Else"}}\
        """;
    String said = answer(Asking.create("Who am I to you?", claimed));
    assertTrue(said.startsWith("Hello Test Reader. "), said);
    assertFalse(said.contains("Somebody Else"), said);
  }

  @Test
  void personWithoutANameIsGreetedAllTheSame() {
    List<String> nameless =
        List.of(
            AgentIssuer.token(claims -> claims.subject("nameless")),
            AgentIssuer.token("nameless", " "),
            AgentIssuer.token(claims -> claims.claim("name", 7)));
    for (String token : nameless) {
      String said = Asking.said(agent.stream(token, Asking.create("Hi")));
      assertTrue(said.startsWith("Hello there. "), said);
    }
  }

  @Test
  void pageIsNamedWithTitleAndAddress() {
    String said = answer(asking("Hi", "A fine page", "https://app.example.com/a?b=1"));
    assertTrue(said.contains("You are on “A fine page” (https://app.example.com/a?b=1)."), said);
  }

  @Test
  void missingPageIsSaidToBeMissing() {
    assertTrue(answer(Asking.create("Hi")).contains("I was not told which page you are on."));
  }

  @Test
  void pageContextOfTheWrongShapeIsLeftOut() {
    for (String page : List.of("[]", "null", "7", "{\"title\":7,\"url\":null,\"headings\":[]}")) {
      String said = answer(Asking.create("Summarise it", "{\"pageContext\":" + page + "}"));
      assertTrue(said.contains("I was not told which page you are on."), said);
    }
  }

  @Test
  void hostilePageTitleStaysPlainTextOnOneLine() {
    String said =
        answer(asking("Hi", "![x](https://evil.example/?q=1)\n\n<img src=x>\u202e`*b*` [l]", ""));
    String line = said.lines().findFirst().orElseThrow();
    assertEquals(
        "Hello Test Reader. You are on “!x(https://evil.example/?q=1) img src=x b l”.", line);
  }

  @Test
  void longPageTitleIsCut() {
    String said = answer(asking("Hi", "x".repeat(5000), ""));
    assertTrue(said.contains("“" + "x".repeat(199) + "…”"), said);
  }

  @Test
  void earlierQuestionIsRemembered() {
    String thread = agent.ask(READER, "What is Gatehouse?");
    String second = answer(Asking.add(thread, "What happens to my cookie?"));
    String third = answer(Asking.add(thread, "Hm"));
    assertTrue(second.contains("Earlier you asked: “What is Gatehouse?”"), second);
    assertTrue(third.contains("Earlier you asked: “What happens to my cookie?”"), third);
  }

  @Test
  void firstQuestionHasNoEarlierOne() {
    assertFalse(answer(Asking.create("What is Gatehouse?")).contains("Earlier you asked"));
  }

  @Test
  void pageIsSummarisedFromItsDescriptionAndHeadings() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata
        .putObject("pageContext")
        .put("title", "T")
        .put("description", "About gates.")
        .put("headings", "First\nSecond <b>");
    String said = answer(Asking.create("Summarise this page", metadata.toString()));
    assertTrue(said.contains("It says of itself: “About gates.”"), said);
    assertTrue(said.contains("- First\n- Second b\n"), said);
  }

  @ParameterizedTest
  @CsvSource({
    "What is Gatehouse?, Gatehouse is a backend-for-frontend",
    "Why is a cookie safer than a token in the page?, a cookie that no script can read",
    "What do you know about me?, I know you from your access token",
    "Who am I to you?, I know you from your access token",
    "Which page am I on?, The browser sends along which page you are on",
    "How does streaming work?, Every word you see arrived as an event",
    "Could I use another agent?, I am the reference agent",
    "'', I answer without a model",
    "Tell me a joke, I answer without a model",
  })
  void questionFindsItsTopic(String question, String expected) {
    String said = answer(Asking.create(question));
    assertTrue(said.contains(expected), said);
  }

  @Test
  void sameQuestionHasTheSameAnswer() {
    String question = asking("What is Gatehouse?", "T", "https://app.example.com/");
    assertEquals(answer(question), answer(question));
  }

  private String answer(String body) {
    List<JsonNode> events = agent.stream(READER, body);
    return Asking.said(events);
  }

  private static String asking(String question, String title, String url) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.putObject("pageContext").put("title", title).put("url", url);
    return Asking.create(question, metadata.toString());
  }
}
