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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
  /// @param current the id of the item that is the cause, and no part of the history
  /// @return whether it came to a good end
  boolean respond(Scene scene, ChatThread thread, String current, Cause cause)
      throws ClientLeft, InterruptedIOException {
    List<Item> earlier =
        threads.history(thread, historyItems + 1).stream()
            .filter(item -> !item.id().equals(current))
            .toList();
    List<Item> last = earlier.subList(Math.max(0, earlier.size() - historyItems), earlier.size());
    try (Toolbox tools = toolboxes.open(scene.caller().person(), scene.caller().token());
        Reply.Registration _ = scene.events().presence().onLeave(tools::close)) {
      Turn turn =
          new Turn(
              scene.caller().person(),
              thread,
              last,
              cause,
              scene.page(),
              scene.locale(),
              tools,
              uploads);
      return speak(scene, thread, turn);
    }
  }

  /// The last item of a thread, stops apart: if it is something that a person did, that has no
  /// answer yet.
  Optional<Item> last(ChatThread thread) {
    return threads.history(thread, historyItems).reversed().stream()
        .filter(item -> !(item instanceof Item.HiddenContext note && note.note().equals(STOPPED)))
        .findFirst();
  }

  private boolean speak(Scene scene, ChatThread thread, Turn turn)
      throws ClientLeft, InterruptedIOException {
    StreamedReply reply = new StreamedReply(scene.events(), threads, thread, clock);
    try {
      responder.respond(turn, reply);
      reply.pause();
      return true;
    } catch (IOException | RuntimeException e) {
      boolean told = told(scene, e);
      keep(thread, reply.unkept(), !told);
      if (!told) {
        throw scene.events().presence().left();
      }
      return false;
    }
  }

  /// Tells the client that something went wrong, before anything is kept: that may take a while.
  ///
  /// @return whether there is a client; a model call that was cut off fails in its own way
  private static boolean told(Scene scene, Exception failure) {
    if (failure instanceof ClientLeft || scene.events().presence().isGone()) {
      return false;
    }
    try {
      scene.events().send(failed(failure));
      return true;
    } catch (ClientLeft _) {
      return false;
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

  /// Keeps what is left of an answer.
  ///
  /// @param stopped without the note the next answer might go on with a request that was called off
  private void keep(ChatThread thread, List<Item> left, boolean stopped) {
    Stream<Item> note =
        stopped
            ? Stream.of(new Item.HiddenContext(Ids.item(), thread.id(), clock.instant(), STOPPED))
            : Stream.of();
    List<Item> items = Stream.concat(left.stream(), note).toList();
    if (!items.isEmpty()) {
      keeper.keep(thread, items);
    }
  }
}
