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
import java.util.concurrent.TimeUnit;
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
    int historyItems,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

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

  private boolean speak(Scene scene, ChatThread thread, Turn turn)
      throws ClientLeft, InterruptedIOException {
    StreamedReply reply = new StreamedReply(scene.events(), threads, thread, clock);
    try {
      responder.respond(turn, reply);
      reply.pause();
      return true;
    } catch (ClientLeft e) {
      stopped(thread, reply);
      throw e;
    } catch (StoreFailure e) {
      keepLater(reply::keep);
      throw e;
    } catch (IOException | RuntimeException e) {
      if (scene.events().presence().isGone()) {
        stopped(thread, reply); // a model call that was cut off fails in its own way
        throw new ClientLeft(new IOException(e));
      }
      // Only its kind: the text of a failure may quote what a person wrote.
      LOG.warn("the responder failed: {}", e.getClass().getName());
      keep(reply::keep);
      scene.events().send(new Event.Failed("The answer could not be completed.", true));
      return false;
    }
  }

  /// Without the note the next answer might go on with a request that was called off.
  private void stopped(ChatThread thread, StreamedReply reply) {
    Item note =
        new Item.HiddenContext(
            Ids.item(), thread.id(), clock.instant(), "The user stopped the answer.");
    keep(() -> {
      reply.keep();
      threads.append(thread, note);
    });
  }

  private static void keep(Runnable keeping) {
    try {
      keeping.run();
    } catch (StoreFailure e) {
      keepLater(keeping);
    }
  }

  /// A store that just failed may be back in a moment.
  private static void keepLater(Runnable keeping) {
    try {
      TimeUnit.SECONDS.sleep(1);
      keeping.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("what was said is lost: no time was left to keep it");
    } catch (StoreFailure e) {
      LOG.warn("what was said is lost: {}", e.toString(), e);
    }
  }
}
