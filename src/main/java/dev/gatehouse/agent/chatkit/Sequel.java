package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.Uploads;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a thread goes on: behind its last item or, if a question is answered anew, in the place of
/// what followed the question. That goes only when something comes that is an answer: tasks on the
/// way to one stand behind it until then.
final class Sequel {
  private static final Logger LOG = LoggerFactory.getLogger(Sequel.class);

  private final Threads threads;
  private final Uploads uploads;
  private final Person person;
  private final ChatThread thread;

  /// The question whose old answer still stands.
  private Optional<String> question;

  /// The first item that stands behind the old answer.
  private Optional<String> firstTask = Optional.empty();

  Sequel(
      Threads threads,
      Uploads uploads,
      Person person,
      ChatThread thread,
      Optional<String> question) {
    this.threads = threads;
    this.uploads = uploads;
    this.person = person;
    this.thread = thread;
    this.question = question;
  }

  ChatThread thread() {
    return thread;
  }

  void append(Item item) {
    append(List.of(item));
  }

  /// Keeps items, all or none; to repeat what failed is safe.
  void append(List<Item> items) {
    if (question.isPresent() && !items.stream().allMatch(Item.Task.class::isInstance)) {
      replace(question.get(), items);
      return;
    }
    threads.append(thread, items);
    firstTask = firstTask.or(() -> items.stream().findFirst().map(Item::id));
  }

  /// The old answer goes even if there is no other.
  void end() {
    question.ifPresent(old -> replace(old, List.of()));
  }

  private void replace(String old, List<Item> items) {
    List<String> loose = threads.rewrite(thread, old, firstTask, items);
    question = Optional.empty();
    discard(loose);
  }

  boolean oldAnswerStands() {
    return question.isPresent();
  }

  private void discard(List<String> attachments) {
    try {
      for (String id : attachments) {
        uploads.delete(person, id);
      }
    } catch (StoreFailure e) {
      LOG.warn("files of forgotten messages stay for a day: {}", e.toString(), e);
    }
  }
}
