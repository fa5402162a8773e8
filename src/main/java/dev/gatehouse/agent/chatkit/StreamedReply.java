package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Threads;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A reply that goes out as events and stays as items. What was sent so far is known at every
/// moment, because what a person saw before pressing Stop stays in the thread.
final class StreamedReply implements Reply {
  private final EventStream events;
  private final Threads threads;
  private final Sequel sequel;
  private final InstantSource clock;
  private final StringBuilder said = new StringBuilder();
  private ChatThread thread;
  private Optional<Item.AssistantMessage> message = Optional.empty();
  private Optional<Item.Task> task = Optional.empty();
  private boolean complete;

  StreamedReply(EventStream events, Threads threads, Sequel sequel, InstantSource clock) {
    this.events = events;
    this.threads = threads;
    this.sequel = sequel;
    this.thread = sequel.thread();
    this.clock = clock;
  }

  @Override
  public void progress(String icon, String text) throws ClientLeft {
    events.send(new Event.Progress(icon, text));
  }

  @Override
  public void say(String delta) throws ClientLeft {
    if (delta.isEmpty()) {
      return;
    }
    if (message.isEmpty()) {
      begin(new Item.AssistantMessage(Ids.message(), thread.id(), clock.instant(), ""));
    }
    events.send(new Event.TextDelta(message.orElseThrow().id(), delta));
    said.append(delta);
  }

  private void begin(Item.AssistantMessage empty) throws ClientLeft {
    message = Optional.of(empty);
    events.send(new Event.ItemAdded(empty));
    events.send(new Event.TextBegun(empty.id()));
  }

  @Override
  public void pause() throws ClientLeft {
    tell(keep());
  }

  /// What was said is forgotten only once it is kept.
  private Optional<Item.AssistantMessage> keep() {
    Optional<Item.AssistantMessage> whole = whole();
    whole.ifPresent(sequel::append);
    message = Optional.empty();
    said.setLength(0);
    return whole;
  }

  private void tell(Optional<Item.AssistantMessage> whole) throws ClientLeft {
    if (whole.isPresent()) {
      events.send(new Event.TextDone(whole.get().id(), whole.get().text()));
      events.send(new Event.ItemDone(whole.get()));
    }
  }

  @Override
  public Work work(String icon, String title) throws ClientLeft {
    pause();
    Item.Task begun =
        new Item.Task(
            Ids.item(), thread.id(), clock.instant(), icon, title, "", Item.Progress.LOADING);
    task = Optional.of(begun);
    events.send(new Event.ItemAdded(begun));
    return content -> {
      Item.Task ended = begun.now(Item.Progress.COMPLETE, content);
      task = Optional.of(ended);
      sequel.append(ended);
      task = Optional.empty();
      events.send(new Event.ItemDone(ended));
    };
  }

  @Override
  public Item.Widget widget(ObjectNode root, Optional<String> copyText) throws ClientLeft {
    pause();
    Item.Widget widget = new Item.Widget(Ids.item(), thread.id(), clock.instant(), root, copyText);
    done(widget);
    return widget;
  }

  @Override
  public void redraw(Item.Widget widget) throws ClientLeft {
    pause();
    threads.replace(thread, widget);
    events.send(new Event.ItemReplaced(widget));
  }

  @Override
  public void ask(ArrayNode inputs) throws ClientLeft {
    pause();
    done(
        new Item.StructuredInput(
            Ids.item(), thread.id(), clock.instant(), Item.FormStatus.PENDING, inputs));
  }

  @Override
  public void callPage(String name, ObjectNode arguments) throws ClientLeft {
    pause();
    done(
        new Item.ClientToolCall(
            Ids.toolCall(),
            thread.id(),
            clock.instant(),
            Ids.toolCall(),
            name,
            arguments,
            Optional.empty()));
  }

  @Override
  public void effect(String name, ObjectNode data) throws ClientLeft {
    events.send(new Event.ClientEffect(name, data));
  }

  @Override
  public void notice(Level level, String title, String text) throws ClientLeft {
    events.send(new Event.Notice(level, title, text));
  }

  @Override
  public void title(String title) throws ClientLeft {
    threads.rename(thread, title);
    announce();
  }

  @Override
  public void status(ThreadStatus status) throws ClientLeft {
    threads.setStatus(thread, status);
    announce();
  }

  /// The thread as it is now: its owner may have renamed or deleted it since the turn began.
  private void announce() throws ClientLeft {
    Optional<ChatThread> now = threads.find(thread.owner(), thread.id());
    if (now.isPresent()) {
      thread = now.get();
      events.send(new Event.ThreadUpdated(thread));
    }
  }

  @Override
  public Registration onLeave(Runnable action) {
    return events.presence().onLeave(action);
  }

  @Override
  public void rest(Duration duration) throws ClientLeft, InterruptedIOException {
    events.presence().rest(duration);
  }

  /// The answer is complete.
  void end() throws ClientLeft {
    Optional<Item.AssistantMessage> whole = keep();
    sequel.end();
    complete = true;
    tell(whole);
  }

  /// Whether nothing is missing of the answer that is kept.
  boolean isComplete() {
    return complete;
  }

  /// What was said and shown so far and is not kept yet.
  List<Item> unkept() {
    return Stream.<Item>concat(whole().stream(), task.map(StreamedReply::leftOff).stream())
        .toList();
  }

  private static Item.Task leftOff(Item.Task task) {
    return task.progress() == Item.Progress.LOADING
        ? task.now(Item.Progress.COMPLETE, "Not finished.")
        : task;
  }

  /// Announced only once it is kept.
  private void done(Item.Visible item) throws ClientLeft {
    sequel.append(item);
    events.send(new Event.ItemDone(item));
  }

  private Optional<Item.AssistantMessage> whole() {
    return message
        .filter(_ -> !said.isEmpty())
        .map(empty ->
            new Item.AssistantMessage(
                empty.id(), empty.threadId(), empty.createdAt(), said.toString()));
  }
}
