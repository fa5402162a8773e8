package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.agent.chat.Turn;
import dev.gatehouse.agent.chat.Uploads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the responder answer, and keeps what it said, whatever end that comes to.
///
/// @param historyItems how much of a thread a responder gets to see
record Answering(
    Threads threads,
    Uploads uploads,
    Responder responder,
    Toolboxes toolboxes,
    Keeper keeper,
    int historyItems,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

  /// How far back an open form or tool output is looked for, tasks and stops apart.
  private static final int FEW = 50;

  private static final String STOPPED = "The answer was broken off here.";

  /// Lets the responder answer.
  ///
  /// @param opening what the client is told first of what it did, which is kept by now
  /// @param named whether the thread has just got its name, which is told at the end
  /// @param current the id of the item that is the cause, and no part of the history
  void respond(
      Scene scene,
      ChatThread thread,
      List<Event> opening,
      boolean named,
      String current,
      Cause cause)
      throws ClientLeft, InterruptedIOException {
    Sequel sequel = sequel(scene, thread, Optional.empty());
    open(scene, sequel, opening);
    List<Item> earlier =
        threads.history(thread, historyItems + 1).stream()
            .filter(item -> !item.id().equals(current))
            .toList();
    List<Item> last = earlier.subList(Math.max(0, earlier.size() - historyItems), earlier.size());
    respond(scene, sequel, named, last, cause);
  }

  /// Lets the responder answer a question anew. What followed it stays until there is something
  /// else in its place.
  void respondAnew(Scene scene, ChatThread thread, List<Event> opening, Item.UserMessage question)
      throws ClientLeft, InterruptedIOException {
    Sequel sequel = sequel(scene, thread, Optional.of(question.id()));
    open(scene, sequel, opening);
    List<Item> last = threads.historyBefore(thread, question.id(), historyItems);
    respond(scene, sequel, false, last, new Cause.Asked(question));
  }

  /// The last item of a thread, tasks and stops apart: if it is something that a person did, that
  /// has no answer yet.
  Optional<Item> last(ChatThread thread) {
    return threads.history(thread, FEW).reversed().stream()
        .filter(item -> !(item instanceof Item.Task))
        .filter(item -> !(item instanceof Item.HiddenContext note && note.note().equals(STOPPED)))
        .findFirst();
  }

  private void open(Scene scene, Sequel sequel, List<Event> opening) throws ClientLeft {
    try {
      for (Event event : opening) {
        scene.events().send(event);
      }
    } catch (ClientLeft e) {
      keep(sequel, List.of(), true);
      throw e;
    }
  }

  private Sequel sequel(Scene scene, ChatThread thread, Optional<String> question) {
    return new Sequel(threads, uploads, scene.caller().person(), thread, question);
  }

  private void respond(Scene scene, Sequel sequel, boolean named, List<Item> earlier, Cause cause)
      throws ClientLeft, InterruptedIOException {
    try (Toolbox tools = toolboxes.open(scene.caller().person(), scene.caller().token());
        Reply.Registration _ = scene.events().presence().onLeave(tools::close)) {
      Turn turn =
          new Turn(
              scene.caller().person(),
              sequel.thread(),
              earlier,
              cause,
              scene.page(),
              scene.locale(),
              tools,
              uploads);
      speak(scene, sequel, named, turn);
    }
  }

  private void speak(Scene scene, Sequel sequel, boolean named, Turn turn)
      throws ClientLeft, InterruptedIOException {
    StreamedReply reply = new StreamedReply(scene.events(), threads, sequel, clock);
    try {
      responder.respond(turn, reply);
      reply.end();
    } catch (IOException | RuntimeException | Error e) {
      boolean told = told(scene, sequel, named, e);
      keep(sequel, reply.unkept(), !told && !reply.isComplete());
      if (e instanceof Error defect) {
        throw defect;
      }
      if (!told) {
        throw scene.events().presence().left();
      }
      return;
    }
    tellName(scene, sequel, named);
  }

  /// Tells the client that something went wrong, before anything is kept: that may take a while.
  ///
  /// @return whether there is a client; a model call that was cut off fails in its own way
  private boolean told(Scene scene, Sequel sequel, boolean named, Throwable failure) {
    if (failure instanceof ClientLeft || scene.events().presence().isGone()) {
      return false;
    }
    try {
      tellName(scene, sequel, named);
      scene.events().send(failed(failure));
      return true;
    } catch (ClientLeft _) {
      return false;
    }
  }

  /// The thread as the turn left it: the person or the responder may have renamed or deleted it
  /// meanwhile.
  private void tellName(Scene scene, Sequel sequel, boolean named) throws ClientLeft {
    Optional<ChatThread> now = named ? now(sequel.thread()) : Optional.empty();
    if (now.isPresent()) {
      scene.events().send(new Event.ThreadUpdated(now.get()));
    }
  }

  private Optional<ChatThread> now(ChatThread thread) {
    try {
      return threads.find(thread.owner(), thread.id());
    } catch (StoreFailure e) {
      LOG.warn("a title could not be told: {}", e.toString());
      return Optional.empty();
    }
  }

  private static Event failed(Throwable failure) {
    if (failure instanceof StoreFailure) {
      LOG.warn("an answer could not be kept: {}", failure.toString(), failure);
      return Event.Failed.notKept();
    }
    // Only its kind: the text of a failure may quote what a person wrote.
    LOG.warn("the responder failed: {}", failure.getClass().getName());
    return new Event.Failed("The answer could not be completed.", true);
  }

  /// Keeps what is left of an answer, if anything is. An old answer stays if there is no word of
  /// another, or if the other one failed: half of it is not worth a whole one.
  private void keep(Sequel sequel, List<Item> left, boolean stopped) {
    List<Item> items = new ArrayList<>(left);
    if (sequel.oldAnswerStands()
        && (!stopped || left.stream().allMatch(Item.Task.class::isInstance))) {
      items.removeIf(item -> !(item instanceof Item.Task));
    } else if (stopped) {
      // Without it the next answer might go on with a request that was called off.
      items.add(new Item.HiddenContext(Ids.item(), sequel.thread().id(), clock.instant(), STOPPED));
    }
    if (!items.isEmpty()) {
      keeper.keep(sequel, items);
    }
  }
}
