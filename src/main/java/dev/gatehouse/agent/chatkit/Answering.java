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
  private static final String STOPPED = "The user stopped the answer.";

  /// Lets the responder answer.
  ///
  /// @param named whether the thread has just got its name, which is told at the end
  /// @param current the id of the item that is the cause, and no part of the history
  void respond(Scene scene, ChatThread thread, boolean named, String current, Cause cause)
      throws ClientLeft, InterruptedIOException {
    List<Item> earlier =
        threads.history(thread, historyItems + 1).stream()
            .filter(item -> !item.id().equals(current))
            .toList();
    List<Item> last = earlier.subList(Math.max(0, earlier.size() - historyItems), earlier.size());
    respond(scene, sequel(scene, thread, Optional.empty()), named, last, cause);
  }

  /// Lets the responder answer a question anew. What followed it stays until there is something
  /// else in its place.
  void respondAnew(Scene scene, ChatThread thread, Item.UserMessage question)
      throws ClientLeft, InterruptedIOException {
    List<Item> last = threads.historyBefore(thread, question.id(), historyItems);
    Sequel sequel = sequel(scene, thread, Optional.of(question.id()));
    respond(scene, sequel, false, last, new Cause.Asked(question));
  }

  /// The last item of a thread, stops apart: if it is something that a person did, that has no
  /// answer yet.
  Optional<Item> last(ChatThread thread) {
    return threads.history(thread, historyItems).reversed().stream()
        .filter(item -> !(item instanceof Item.HiddenContext note && note.note().equals(STOPPED)))
        .findFirst();
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
      tellName(scene, sequel, named);
    } catch (IOException | RuntimeException e) {
      boolean told = told(scene, sequel, named, e);
      keep(sequel, reply.unkept(), !told);
      if (!told) {
        throw scene.events().presence().left();
      }
    }
  }

  /// Tells the client that something went wrong, before anything is kept: that may take a while.
  ///
  /// @return whether there is a client; a model call that was cut off fails in its own way
  private boolean told(Scene scene, Sequel sequel, boolean named, Exception failure) {
    if (failure instanceof ClientLeft || scene.events().presence().isGone()) {
      return false;
    }
    try {
      tellName(scene, sequel, named && !(failure instanceof StoreFailure));
      scene.events().send(failed(failure));
      return true;
    } catch (ClientLeft _) {
      return false;
    }
  }

  /// The thread as the turn left it: the person or the responder may have renamed or deleted it
  /// meanwhile.
  private void tellName(Scene scene, Sequel sequel, boolean named) throws ClientLeft {
    Optional<ChatThread> now =
        named ? threads.find(sequel.thread().owner(), sequel.thread().id()) : Optional.empty();
    if (now.isPresent()) {
      scene.events().send(new Event.ThreadUpdated(now.get()));
    }
  }

  private static Event failed(Exception failure) {
    if (failure instanceof StoreFailure) {
      LOG.warn("an answer could not be kept: {}", failure.toString(), failure);
      return Event.Failed.notKept();
    }
    // Only its kind: the text of a failure may quote what a person wrote.
    LOG.warn("the responder failed: {}", failure.getClass().getName());
    return new Event.Failed("The answer could not be completed.", true);
  }

  /// Keeps what is left of an answer, if anything is.
  private void keep(Sequel sequel, List<Item> left, boolean stopped) {
    List<Item> items = new ArrayList<>(left);
    // Without the note the next answer might go on with a request that was called off. An old
    // answer that stays was not called off.
    if (stopped && !(left.isEmpty() && sequel.oldAnswerStands())) {
      items.add(new Item.HiddenContext(Ids.item(), sequel.thread().id(), clock.instant(), STOPPED));
    }
    if (!items.isEmpty()) {
      keeper.keep(sequel, items);
    }
  }
}
