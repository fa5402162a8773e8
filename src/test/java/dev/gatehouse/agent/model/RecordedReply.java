package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes down what a responder does, a line for each call, and can leave.
final class RecordedReply implements Reply {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;
  private volatile boolean deaf;

  /// Everything but progress.
  List<String> lines() {
    return lines.stream().filter(line -> !line.startsWith("progress ")).toList();
  }

  List<String> everything() {
    return List.copyOf(lines);
  }

  void awaitLine(String line) throws Exception {
    Await.that(() -> line + " in " + lines, () -> lines.contains(line));
  }

  /// The person leaves; the next word finds nobody.
  void leave() {
    gone = true;
    actions.forEach(Runnable::run);
  }

  /// Words find nobody, and nobody was told.
  void deaf() {
    deaf = true;
  }

  /// How many are waiting to be told.
  int waiting() {
    return actions.size();
  }

  private void note(String line) throws ClientLeft {
    if (gone) {
      throw new ClientLeft(new IOException("gone"));
    }
    lines.add(line);
  }

  @Override
  public void progress(String icon, String text) throws ClientLeft {
    note("progress " + icon + ": " + text);
  }

  @Override
  public void say(String delta) throws ClientLeft {
    if (deaf) {
      throw new ClientLeft(new IOException("gone"));
    }
    if (!delta.isEmpty()) {
      note("say " + delta);
    }
  }

  @Override
  public void pause() throws ClientLeft {
    note("pause");
  }

  @Override
  public Work work(String icon, String title) throws ClientLeft {
    note("work " + icon + ": " + title);
    return content -> note("done " + content);
  }

  @Override
  public void notice(Level level, String title, String message) throws ClientLeft {
    note("notice " + level + " " + title + ": " + message);
  }

  @Override
  public Registration onLeave(Runnable action) {
    actions.add(action);
    if (gone) {
      action.run();
    }
    return () -> actions.remove(action);
  }

  @Override
  public Item.Widget widget(ObjectNode root, Optional<String> copyText) {
    throw new AssertionError("a model shows no widgets");
  }

  @Override
  public void redraw(Item.Widget widget) {
    throw new AssertionError("a model shows no widgets");
  }

  @Override
  public void ask(ArrayNode inputs) {
    throw new AssertionError("a model asks no forms");
  }

  @Override
  public void callPage(String name, ObjectNode arguments) {
    throw new AssertionError("a model does not call the page");
  }

  @Override
  public void effect(String name, ObjectNode data) {
    throw new AssertionError("a model has no effects");
  }

  @Override
  public void title(String title) {
    throw new AssertionError("a model gives no titles");
  }

  @Override
  public void status(ThreadStatus status) {
    throw new AssertionError("a model closes nothing");
  }

  @Override
  public void rest(Duration duration) {
    throw new AssertionError("a model does not rest");
  }
}
