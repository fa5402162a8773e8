package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Turn;
import dev.gatehouse.agent.offline.OfflineResponder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class OfflineResponderTest {
  private static final String READER = RunningAgent.READER;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

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
    assertTrue(second.contains("what you asked before (“What is Gatehouse?”)."), second);
    assertTrue(third.contains("what you asked before (“What happens to my cookie?”)."), third);
  }

  @Test
  void firstQuestionHasNoEarlierOne() {
    String said = answer(Asking.create("What did I ask before?"));
    assertTrue(said.contains("You have not asked me anything before"), said);
    assertFalse(said.contains("With your question came"), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"What did I ask before?", "What page am I on?", "Who am I?", "Tell me a joke"})
  void laterAnswersNameUserPageAndEarlierQuestion(String question) {
    String thread = agent.ask(READER, "What is Gatehouse?");
    String said = answer(Asking.add(thread, question, page("A fine page", "https://a.example/")));
    assertTrue(
        said.endsWith(
            "With your question came your name (Test Reader), the page (“A fine page”) and what"
                + " you asked before (“What is Gatehouse?”)."),
        said);
    assertFalse(said.contains("Hello"), "nobody is greeted twice");
  }

  @Test
  void onlyWhatCameIsNamed() {
    String nameless = AgentIssuer.token(claims -> claims.subject("nameless"));
    String thread = agent.ask(nameless, "Hi");
    String said = Asking.said(agent.stream(nameless, Asking.add(thread, "Hm")));
    assertTrue(said.endsWith("With your question came what you asked before (“Hi”)."), said);
  }

  @Test
  void historyCountsInWordsThatFit() {
    String thread = agent.ask(READER, "One");
    String single = answer(Asking.add(thread, "What did I ask before?"));
    assertTrue(single.startsWith("Before this you asked me one thing: “One”\n"), single);
    String two = answer(Asking.add(thread, "What did I ask before?"));
    assertTrue(
        two.startsWith("Before this you asked me 2 things:\n- “One”\n- “What did I ask before?”\n"),
        two);
  }

  @Test
  void longHistoryIsCutToItsEnd() {
    String thread = agent.ask(READER, "Number 1");
    for (int number = 2; number <= 9; number++) {
      agent.stream(READER, Asking.add(thread, "Number " + number));
    }
    String said = answer(Asking.add(thread, "What did I ask before?"));
    assertTrue(
        said.startsWith("Before this you asked me 9 things, the last of them:\n- “Num"), said);
    assertFalse(said.contains("Number 1"), said);
    assertTrue(said.contains("- “Number 2”\n"), said);
    assertTrue(said.contains("- “Number 9”\n"), said);
  }

  @Test
  void userIdComesFromTheToken() {
    String said = answer(Asking.create("What do you know about me?"));
    assertTrue(said.contains("To me you are Test Reader, with the user id “reader”."), said);
    String nameless = AgentIssuer.token(claims -> claims.subject("nameless"));
    String other = Asking.said(agent.stream(nameless, Asking.create("Who am I?")));
    assertTrue(other.contains("To me you are the user “nameless”."), other);
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
    assertTrue(said.contains("The page says of itself: “About gates.”"), said);
    assertTrue(said.contains("Its first headings:\n- First\n- Second b\n"), said);
  }

  @Test
  void pageThatSaysNothingIsNotSummedUp() {
    String said = answer(asking("Summarise this page", "T", ""));
    assertTrue(said.contains("The page says nothing about itself that I could sum up."), said);
    assertFalse(said.contains("That is all I was given"), said);
  }

  @Test
  void waitingPersonReadsWhatIsBeingDone() {
    assertEquals("Looking at the page…", progress("Summarise this page"));
    assertEquals("Looking through this conversation…", progress("What did I ask before?"));
    assertEquals("Thinking…", progress("What is Gatehouse?"));
  }

  @ParameterizedTest
  @CsvSource({
    "What is Gatehouse?, Gatehouse is a backend-for-frontend",
    "Why is a cookie safer than a token in the page?, a cookie that no script can read",
    "What do you know about me?, I know that from your access token",
    "Who am I to you?, I know that from your access token",
    "Which page am I on?, Your browser described the page",
    "What page am I on?, Your browser described the page",
    "Where am I?, Your browser described the page",
    "What did I ask before?, I know this from the thread",
    "Summarise this page, The page says nothing about itself",
    "How do you get the page context?, With each question your browser sends",
    "How do I install this?, Gatehouse is one jar and one YAML file",
    "Thanks!, You are welcome.",
    "How does streaming work?, Every word you see arrived as an event",
    "Could I use another agent?, I am the reference agent",
    "'', answer without a model",
    "Tell me a joke, answer without a model",
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

  private String progress(String question) {
    return agent.stream(READER, Asking.create(question)).stream()
        .filter(event -> event.at("/type").stringValue().equals("progress_update"))
        .map(event -> event.at("/text").stringValue())
        .findFirst()
        .orElse("");
  }

  private static String asking(String question, String title, String url) {
    return Asking.create(question, page(title, url));
  }

  private static String page(String title, String url) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.putObject("pageContext").put("title", title).put("url", url);
    return metadata.toString();
  }

  @Test
  void whatAToolSaysIsPlainText() {
    String hostile = "A [prize](https://x.example)\n![](https://x.example/p.png) <b>3</b> `orders`";
    OfflineResponder responder = new OfflineResponder(Duration.ZERO);
    try (RunningAgent other =
        RunningAgent.with((turn, reply) -> responder.respond(equipped(turn, hostile), reply))) {
      List<JsonNode> events = other.stream(READER, Asking.create("Look up my orders"));
      assertTrue(Asking.said(events).contains("A prize(https://x.example)\n!"), events::toString);
      for (String mark : List.of("[", "]", "<", "`")) {
        assertFalse(Asking.said(events).contains(mark), events::toString);
      }
      assertFalse(events.toString().contains("<b>"), events::toString);
    }
  }

  /// The same turn with a tool that says this.
  private static Turn equipped(Turn turn, String said) {
    Toolbox tools =
        new Toolbox() {
          @Override
          public Inventory inventory() {
            return new Inventory(
                List.of(new Tool("orders", "Orders", "Lists them", JSON.objectNode())), List.of());
          }

          @Override
          public Outcome call(String tool, ObjectNode arguments) {
            return new Outcome(false, said);
          }

          @Override
          public void close() {
            // holds nothing
          }
        };
    return new Turn(
        turn.person(),
        turn.thread(),
        turn.earlier(),
        turn.cause(),
        turn.page(),
        turn.locale(),
        tools,
        turn.uploads());
  }
}
