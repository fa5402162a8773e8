package dev.gatehouse.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.regex.Pattern;

/// Answers without a model, the same every time, at the pace of somebody who types fast.
final class OfflineResponder implements Responder {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=\\s)(?=\\S)");

  /// Long enough for a person to see that something is being done.
  private static final int WORDS_OF_THOUGHT = 15;

  private final Duration pace;

  OfflineResponder(Duration pace) {
    this.pace = pace;
  }

  @Override
  public void respond(Turn turn, Reply reply) throws IOException {
    OfflineAnswer answer = OfflineAnswer.to(turn);
    reply.progress("sparkle", answer.progress());
    pause(pace.multipliedBy(WORDS_OF_THOUGHT));
    for (String word : BETWEEN_WORDS.splitAsStream(answer.text()).toList()) {
      pause(pace);
      reply.say(word);
    }
  }

  private static void pause(Duration duration) throws InterruptedIOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while answering");
    }
  }
}
