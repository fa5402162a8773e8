package dev.gatehouse.agent.chat;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a responder writes to. Each call is on the wire when it returns, and what is announced as
/// done is kept before.
///
/// All methods throw [ClientLeft] if nobody is there any more.
public interface Reply {

  /// Shows what is being done, until the first word.
  ///
  /// @param icon one of ChatKit's icon names
  void progress(String icon, String text) throws ClientLeft;

  /// Goes on with the assistant's message, or begins one.
  void say(String delta) throws ClientLeft;

  /// Ends the assistant's message, if there is one: the next word begins another. Everything below
  /// that adds an item does so by itself, and so does the end of the turn.
  void pause() throws ClientLeft;

  /// Shows that something is being done; the item stays in the thread.
  Work work(String icon, String title) throws ClientLeft;

  /// Shows a widget.
  ///
  /// @param root ChatKit's `WidgetRoot`, such as a `Card`
  Item.Widget widget(ObjectNode root, Optional<String> copyText) throws ClientLeft;

  /// Shows another widget in the place of an earlier one.
  void redraw(Item.Widget widget) throws ClientLeft;

  /// Asks for a form to be filled in. The turn should end with it.
  ///
  /// @param inputs ChatKit's `inputs`
  void ask(ArrayNode inputs) throws ClientLeft;

  /// Asks the page to do something and to tell what came of it. The turn must end with it.
  void callPage(String name, ObjectNode arguments) throws ClientLeft;

  /// Tells the page something that needs no answer; not kept.
  void effect(String name, ObjectNode data) throws ClientLeft;

  /// Tells the person something that is not part of the conversation; not kept.
  ///
  /// @param message Markdown
  void notice(Level level, String title, String message) throws ClientLeft;

  /// Renames the thread.
  void title(String title) throws ClientLeft;

  /// Locks, closes or opens the thread, from the next turn on.
  void status(ThreadStatus status) throws ClientLeft;

  /// Runs something once, on another thread, as soon as the person leaves; at once if that has
  /// happened. For calls that are silent for long and must not outlive the person's interest.
  Registration onLeave(Runnable action);

  /// Waits, unless the person leaves.
  ///
  /// @throws InterruptedIOException if the process is about to end
  void rest(Duration duration) throws ClientLeft, InterruptedIOException;

  /// What is to be run no more once it is closed.
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /// Something that is being done, from its beginning to its end.
  interface Work {

    /// Says what came of it.
    ///
    /// @param content Markdown
    void done(String content) throws ClientLeft;
  }

  /// How a notice is meant.
  enum Level {
    INFO,
    WARNING,
    DANGER
  }
}
