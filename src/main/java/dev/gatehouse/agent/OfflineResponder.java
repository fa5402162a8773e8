package dev.gatehouse.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Answers without a model, the same every time. Each answer shows that the chain held: the person
/// from the token, the page from the metadata, the thread from the store.
final class OfflineResponder implements Responder {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=\\s)(?=\\S)");
  private static final int QUOTE_LENGTH = 160;
  private static final String INVITATION =
      """
      I answer without a model, so I know only a few things well. Try:

      - What is Gatehouse?
      - Who am I to you?
      - Which page am I on?
      - What happens to my cookie?
      - How does streaming work?\
      """;

  private final Duration pace;

  OfflineResponder(Duration pace) {
    this.pace = pace;
  }

  @Override
  public void respond(Turn turn, Reply reply) throws IOException {
    reply.progress("sparkle", "Thinking…");
    for (String word : BETWEEN_WORDS.splitAsStream(answer(turn)).toList()) {
      pause();
      reply.say(word);
    }
  }

  private static String answer(Turn turn) {
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add(greeting(turn));
    earlierQuestion(turn).ifPresent(text -> paragraphs.add("Earlier you asked: “" + text + "”"));
    paragraphs.add(substance(turn));
    return String.join("\n\n", paragraphs);
  }

  private static String greeting(Turn turn) {
    String name =
        turn.person()
            .name()
            .map(text -> PlainText.of(text, QUOTE_LENGTH))
            .filter(text -> !text.isEmpty())
            .orElse("there");
    return "Hello " + name + ". " + whereabouts(turn.page());
  }

  private static String whereabouts(PageContext page) {
    Optional<String> title = page.title().map(text -> "“" + text + "”");
    if (title.isPresent() && page.url().isPresent()) {
      return "You are on " + title.get() + " (" + page.url().get() + ").";
    }
    return title
        .or(page::url)
        .map(text -> "You are on " + text + ".")
        .orElse("I was not told which page you are on.");
  }

  private static Optional<String> earlierQuestion(Turn turn) {
    return turn.earlier().reversed().stream()
        .filter(Item.UserMessage.class::isInstance)
        .map(Item.UserMessage.class::cast)
        .map(message -> PlainText.of(message.input().text(), QUOTE_LENGTH))
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static String substance(Turn turn) {
    return Topic.of(turn.message().input().text())
        .map(topic -> explain(topic, turn.page()))
        .orElse(INVITATION);
  }

  private static String explain(Topic topic, PageContext page) {
    return switch (topic) {
      case PAGE_CONTEXT -> onThePage(page) + topic.answer();
      case STREAMING, IDENTITY, TOKENS, PROTOCOLS, GATEHOUSE -> topic.answer();
    };
  }

  private static String onThePage(PageContext page) {
    StringBuilder text = new StringBuilder();
    page.description().ifPresent(it -> text.append("It says of itself: “" + it + "”\n\n"));
    if (!page.headings().isEmpty()) {
      text.append("Its headings:\n\n");
      page.headings().forEach(heading -> text.append("- " + heading + "\n"));
      text.append("\n");
    }
    return text.toString();
  }

  private void pause() throws InterruptedIOException {
    try {
      Thread.sleep(pace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while answering");
    }
  }
}
