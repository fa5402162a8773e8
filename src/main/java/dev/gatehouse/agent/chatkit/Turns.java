package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.UnknownAttachment;
import dev.gatehouse.agent.chat.UserInput;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The operations that are answered with events: each keeps what the person did and lets the
/// responder answer it.
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final int TITLE_LENGTH = 60;
  private static final int NOTE_LENGTH = 1000;
  private static final Event CAN_BE_STOPPED = new Event.StreamOptions(true);

  private final Floor floor;
  private final Threads threads;
  private final Shelf shelf;
  private final Answering answering;
  private final InstantSource clock;

  Turns(Floor floor, Threads threads, Shelf shelf, Answering answering, InstantSource clock) {
    this.floor = floor;
    this.threads = threads;
    this.shelf = shelf;
    this.answering = answering;
    this.clock = clock;
  }

  /// Waits for the turn before it in the same thread.
  ///
  /// @throws ClientLeft if nobody listens any more; what was said until then is kept
  /// @throws InterruptedIOException if the wait was interrupted
  void run(Scene scene, Operation.Streaming operation) throws ClientLeft, InterruptedIOException {
    try {
      take(scene, operation);
    } catch (ClientLeft e) {
      if (!scene.events().presence().isExpelled()) {
        throw e;
      }
      scene.events().sendLast(new Event.Failed("This conversation was deleted.", false));
    }
  }

  private void take(Scene scene, Operation.Streaming operation)
      throws ClientLeft, InterruptedIOException {
    String id = threadId(operation);
    try (Floor.Held _ = floor.take(scene.owner(), id, scene.events().presence())) {
      scene.events().presence().check(); // nothing is changed for somebody who left the queue
      switch (operation) {
        case Operation.CreateThread(Operation.Message message) -> create(scene, id, message);
        case Operation.AddUserMessage(_, Operation.Message message) ->
            exchange(scene, open(scene, id), message);
        case Operation.AddClientToolOutput(_, JsonNode result) ->
            toolOutput(scene, open(scene, id), result);
        case Operation.AddStructuredInput(_, String itemId, Operation.FormAnswers answers) ->
            form(scene, open(scene, id), itemId, answers);
        case Operation.RetryAfterItem(_, String itemId) -> retry(scene, open(scene, id), itemId);
        case Operation.CustomAction(_, Optional<String> itemId, Operation.Action action) ->
            act(scene, open(scene, id), itemId, action);
      }
    } catch (Declined declined) {
      scene.events().send(new Event.Failed(declined.text(), false));
    } catch (UnknownAttachment _) {
      scene.events().send(new Event.Failed("There is no such attachment.", false));
    } catch (StoreFailure e) {
      LOG.warn("a turn could not be kept: {}", e.toString(), e);
      scene.events().send(Event.Failed.notKept());
    } catch (RuntimeException e) {
      LOG.error("a turn failed: {}", e.getClass().getName());
      scene.events().send(new Event.Failed("Something went wrong here.", true));
    }
  }

  /// Waits no longer for a store that is away; no turn is under way any more.
  ///
  /// @param limit how long it may take to keep what is not kept yet
  void close(Duration limit) {
    answering.keeper().close(limit);
  }

  private static String threadId(Operation.Streaming operation) {
    return switch (operation) {
      case Operation.CreateThread _ -> Ids.thread();
      case Operation.AddUserMessage(String id, _) -> id;
      case Operation.AddClientToolOutput(String id, _) -> id;
      case Operation.AddStructuredInput(String id, _, _) -> id;
      case Operation.RetryAfterItem(String id, _) -> id;
      case Operation.CustomAction(String id, _, _) -> id;
    };
  }

  /// An own thread that can go on.
  private ChatThread open(Scene scene, String id) {
    ChatThread thread =
        threads
            .find(scene.owner(), id)
            .orElseThrow(() -> new Declined("There is no such conversation."));
    if (!thread.status().isActive()) {
      throw new Declined(thread.status().reason().orElse("This conversation is closed."));
    }
    return thread;
  }

  private void create(Scene scene, String id, Operation.Message message)
      throws ClientLeft, InterruptedIOException {
    ChatThread thread = ChatThread.begun(id, scene.owner(), clock.instant());
    Item.UserMessage asked = asked(scene, thread, message);
    ChatThread titled = title(asked.input()).map(thread::titled).orElse(thread);
    threads.add(titled, asked);
    List<Event> opening =
        List.of(new Event.ThreadCreated(thread), new Event.ItemDone(asked), CAN_BE_STOPPED);
    boolean named = titled.title().isPresent();
    answering.respond(scene, titled, opening, named, asked.id(), new Cause.Asked(asked));
  }

  private void exchange(Scene scene, ChatThread thread, Operation.Message message)
      throws ClientLeft, InterruptedIOException {
    Item.UserMessage asked = asked(scene, thread, message);
    Threads.Asked kept =
        threads
            .ask(thread, asked, title(asked.input()))
            .orElseThrow(() -> new Declined("There is no such conversation."));
    List<Event> opening = new ArrayList<>();
    kept.dropped().forEach(call -> opening.add(new Event.ItemRemoved(call)));
    opening.addAll(List.of(new Event.ItemDone(asked), CAN_BE_STOPPED));
    boolean named = thread.title().isEmpty() && kept.thread().title().isPresent();
    answering.respond(scene, kept.thread(), opening, named, asked.id(), new Cause.Asked(asked));
  }

  private Item.UserMessage asked(Scene scene, ChatThread thread, Operation.Message message) {
    return new Item.UserMessage(
        Ids.message(),
        thread.id(),
        clock.instant(),
        message.input(),
        shelf.uploaded(scene.owner(), message.attachmentIds()));
  }

  private void toolOutput(Scene scene, ChatThread thread, JsonNode result)
      throws ClientLeft, InterruptedIOException {
    Item.ClientToolCall call =
        openCall(thread).orElseThrow(() -> new Declined("Nothing was asked of the page."));
    Item.ClientToolCall answered = call.answered(result);
    if (!answered.equals(call)) {
      threads.replace(thread, answered);
    }
    List<Event> opening = List.of(CAN_BE_STOPPED);
    answering.respond(
        scene, thread, opening, false, answered.id(), new Cause.ToolAnswered(answered));
  }

  /// The call that the page was asked last and has not answered, or whose output has no answer.
  private Optional<Item.ClientToolCall> openCall(ChatThread thread) {
    List<Item.ClientToolCall> pending = threads.pendingCalls(thread);
    return pending.isEmpty()
        ? answering
            .last(thread)
            .filter(Item.ClientToolCall.class::isInstance)
            .map(Item.ClientToolCall.class::cast)
        : Optional.of(pending.getLast());
  }

  private void form(Scene scene, ChatThread thread, String itemId, Operation.FormAnswers answers)
      throws ClientLeft, InterruptedIOException {
    Item.StructuredInput form =
        threads
            .item(thread, itemId, Item.StructuredInput.class)
            .orElseThrow(() -> new Declined("There is no such form."));
    Item.StructuredInput sent = filled(form, answers);
    if (form.status() == Item.FormStatus.PENDING) {
      threads.replace(thread, sent);
    } else if (!answering.last(thread).equals(Optional.of(sent))) {
      throw new Declined("This form was sent before.");
    }
    List<Event> opening = List.of(CAN_BE_STOPPED, new Event.ItemReplaced(sent));
    answering.respond(scene, thread, opening, false, sent.id(), new Cause.FormSent(sent));
  }

  private static Item.StructuredInput filled(
      Item.StructuredInput form, Operation.FormAnswers answers) {
    ArrayNode inputs = form.inputs().deepCopy();
    int used = 0;
    for (JsonNode input : inputs) {
      ObjectNode answer = answers.answers().get(input.path("id").asString(""));
      if (!(input instanceof ObjectNode question)) {
        continue;
      }
      question.remove("answer"); // of a form that is sent again
      if (answer != null) {
        used++;
        question
            .putObject("answer")
            .put("skipped", answer.path("skipped").asBoolean(false))
            .set("values", answer.path("values"));
      }
    }
    if (used < answers.answers().size()) {
      throw new Declined("The form has no such question.");
    }
    return new Item.StructuredInput(
        form.id(), form.threadId(), form.createdAt(), answers.status(), inputs);
  }

  private void retry(Scene scene, ChatThread thread, String itemId)
      throws ClientLeft, InterruptedIOException {
    Item.UserMessage message =
        threads
            .item(thread, itemId, Item.UserMessage.class)
            .orElseThrow(() -> new Declined("There is no such question to answer again."));
    answering.respondAnew(scene, thread, List.of(CAN_BE_STOPPED), message);
  }

  private void act(Scene scene, ChatThread thread, Optional<String> itemId, Operation.Action action)
      throws ClientLeft, InterruptedIOException {
    Optional<Item.Widget> widget =
        itemId.map(id ->
            threads
                .item(thread, id, Item.Widget.class)
                .orElseThrow(() -> new Declined("There is no such widget.")));
    Item.HiddenContext note =
        new Item.HiddenContext(Ids.item(), thread.id(), clock.instant(), noteOf(action, widget));
    threads.append(thread, note);
    answering.respond(
        scene,
        thread,
        List.of(CAN_BE_STOPPED),
        false,
        note.id(),
        new Cause.Acted(action.type(), action.payload(), widget));
  }

  /// What later turns get to know of an action.
  private static String noteOf(Operation.Action action, Optional<Item.Widget> widget) {
    String done =
        "The page says that the user did "
            + PlainText.of(action.type(), TITLE_LENGTH)
            + " with "
            + PlainText.of(action.payload().toString(), NOTE_LENGTH);
    return widget
        .map(shown ->
            done
                + " on the widget "
                + shown.id()
                + ", which showed "
                + PlainText.of(shown.root().toString(), NOTE_LENGTH))
        .orElse(done);
  }

  /// What a thread is named after: what was asked first.
  private static Optional<String> title(UserInput input) {
    return Optional.of(PlainText.of(input.text(), TITLE_LENGTH)).filter(text -> !text.isEmpty());
  }
}
