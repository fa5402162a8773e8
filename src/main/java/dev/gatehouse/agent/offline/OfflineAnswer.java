package dev.gatehouse.agent.offline;

import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageContext;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One answer of the [OfflineResponder]. Each shows that the chain held: the person from the token,
/// the page from the metadata, the earlier question from the thread.
final class OfflineAnswer {
  private static final int QUOTE_LENGTH = 160;
  private static final int MOST_QUOTES = 8;
  private static final String INVITATION =
      """
      I am the demo’s agent and answer without a model, so I know only a few things well. You \
      could ask me:

      - What is Gatehouse?
      - Who am I to you?
      - Which page am I on?
      - What did I ask before?
      - What happens to my cookie?
      - How does streaming work?

      Or have me do something: show a card, make a list, give you a form, look up your orders, \
      ask the page what you marked, highlight something, or close this conversation.\
      """;

  private final Optional<Topic> topic;
  private final Person person;
  private final PageContext page;

  /// Oldest first.
  private final List<String> earlier;

  private OfflineAnswer(Turn turn, Item.UserMessage question) {
    this.topic = Topic.of(question.input().text());
    this.person = turn.person();
    this.page = turn.page();
    this.earlier =
        turn.earlier().stream()
            .filter(Item.UserMessage.class::isInstance)
            .map(Item.UserMessage.class::cast)
            .map(message -> PlainText.of(message.input().text(), QUOTE_LENGTH))
            .filter(text -> !text.isEmpty())
            .toList();
  }

  static OfflineAnswer to(Turn turn, Item.UserMessage message) {
    return new OfflineAnswer(turn, message);
  }

  /// What is being done before the first word.
  String progress() {
    return topic.map(OfflineAnswer::progress).orElse("Thinking…");
  }

  private static String progress(Topic about) {
    return switch (about) {
      case HISTORY -> "Looking through this conversation…";
      case WHEREABOUTS, SUMMARY -> "Looking at the page…";
      case IDENTITY, STREAMING, TOKENS, PROTOCOLS, SETUP, PAGE_CONTEXT, GATEHOUSE, THANKS ->
          "Thinking…";
    };
  }

  String text() {
    return Stream.of(opening(), substance(), evidence())
        .flatMap(Optional::stream)
        .collect(Collectors.joining("\n\n"));
  }

  private Optional<String> opening() {
    if (earlier.isEmpty()) {
      return Optional.of("Hello " + name().orElse("there") + ". " + whereabouts());
    }
    return topic.filter(it -> it == Topic.WHEREABOUTS).map(_ -> whereabouts());
  }

  private Optional<String> substance() {
    return Optional.of(topic.map(this::explain).orElse(INVITATION));
  }

  private String explain(Topic about) {
    return switch (about) {
      case HISTORY -> history() + "\n\n" + about.answer();
      case IDENTITY -> identity() + " " + about.answer();
      case SUMMARY -> summary(about.answer());
      case WHEREABOUTS, STREAMING, TOKENS, PROTOCOLS, SETUP, PAGE_CONTEXT, GATEHOUSE, THANKS ->
          about.answer();
    };
  }

  private String history() {
    return switch (earlier.size()) {
      case 0 -> "You have not asked me anything before: this conversation begins here.";
      case 1 -> "Before this you asked me one thing: “" + earlier.getFirst() + "”";
      default -> "Before this you asked me " + earlier.size() + " things" + questions();
    };
  }

  private String questions() {
    int left = Math.max(0, earlier.size() - MOST_QUOTES);
    String last = left > 0 ? ", the last of them:" : ":";
    return last
        + earlier.stream().skip(left).map(it -> "\n- “" + it + "”").collect(Collectors.joining());
  }

  private String identity() {
    String id = "“" + PlainText.of(person.subject(), QUOTE_LENGTH) + "”";
    return name()
        .map(name -> "To me you are " + name + ", with the user id " + id + ".")
        .orElse("To me you are the user " + id + ".");
  }

  private String summary(String limits) {
    List<String> parts = new ArrayList<>();
    page.description().ifPresent(text -> parts.add("The page says of itself: “" + text + "”"));
    if (!page.headings().isEmpty()) {
      String intro = page.headings().size() == 1 ? "It has one heading:" : "Its first headings:";
      parts.add(
          intro + page.headings().stream().map(it -> "\n- " + it).collect(Collectors.joining()));
    }
    parts.add(parts.isEmpty() ? "The page says nothing about itself that I could sum up." : limits);
    return String.join("\n\n", parts);
  }

  private String whereabouts() {
    Optional<String> title = quotedTitle();
    if (title.isPresent() && page.url().isPresent()) {
      return "You are on " + title.get() + " (" + page.url().get() + ").";
    }
    return title
        .or(page::url)
        .map(text -> "You are on " + text + ".")
        .orElse("I was not told which page you are on.");
  }

  /// From the second question on: what came along, so that nobody has to take the chain on trust.
  private Optional<String> evidence() {
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    List<String> came = new ArrayList<>();
    name().ifPresent(name -> came.add("your name (" + name + ")"));
    quotedTitle().or(page::url).ifPresent(text -> came.add("the page (" + text + ")"));
    String all = came.isEmpty() ? "" : String.join(", ", came) + " and ";
    String last = "what you asked before (“" + earlier.getLast() + "”)";
    return Optional.of("With your question came " + all + last + ".");
  }

  private Optional<String> name() {
    return person
        .name()
        .map(text -> PlainText.of(text, QUOTE_LENGTH))
        .filter(text -> !text.isEmpty());
  }

  private Optional<String> quotedTitle() {
    return page.title().map(text -> "“" + text + "”");
  }
}
