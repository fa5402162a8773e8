package dev.gatehouse.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operations that are answered with events: each ends in a person's message and its answer.
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final Event NO_SUCH_CONVERSATION =
      new Event.Failed("There is no such conversation.", false);
  private static final int TITLE_LENGTH = 60;

  private final Floor floor = new Floor();
  private final Threads threads;
  private final Responder responder;
  private final InstantSource clock;

  Turns(Threads threads, Responder responder, InstantSource clock) {
    this.threads = threads;
    this.responder = responder;
    this.clock = clock;
  }

  /// Waits for the turn before it in the same thread.
  ///
  /// @throws ClientLeft if nobody listens any more; what was said until then is kept
  /// @throws InterruptedIOException if the wait was interrupted
  void run(Person person, Operation.Streaming operation, PageContext page, EventStream events)
      throws ClientLeft, InterruptedIOException {
    Scene scene = new Scene(person, page, events);
    String id = threadId(operation);
    try (Floor.Held _ = floor.take(person.subject(), id)) {
      switch (operation) {
        case Operation.CreateThread(UserInput input) -> create(scene, id, input);
        case Operation.AddUserMessage(_, UserInput input) -> add(scene, id, input);
        case Operation.RetryAfterItem(_, String itemId) -> retry(scene, id, itemId);
      }
    }
  }

  private static String threadId(Operation.Streaming operation) {
    return switch (operation) {
      case Operation.CreateThread _ -> newId("thr");
      case Operation.AddUserMessage(String id, _) -> id;
      case Operation.RetryAfterItem(String id, _) -> id;
    };
  }

  private void create(Scene scene, String id, UserInput input) throws ClientLeft {
    ChatThread thread = new ChatThread(id, scene.person.subject(), now(), Optional.empty());
    threads.save(thread);
    scene.events.send(new Event.ThreadCreated(thread));
    exchange(scene, thread, input);
  }

  private void add(Scene scene, String id, UserInput input) throws ClientLeft {
    Optional<ChatThread> thread = threads.find(scene.person.subject(), id);
    if (thread.isPresent()) {
      exchange(scene, thread.get(), input);
    } else {
      scene.events.send(NO_SUCH_CONVERSATION);
    }
  }

  private void retry(Scene scene, String id, String itemId) throws ClientLeft {
    Optional<ChatThread> thread = threads.find(scene.person.subject(), id);
    if (thread.isEmpty()) {
      scene.events.send(NO_SUCH_CONVERSATION);
      return;
    }
    Optional<Item.UserMessage> message = threads.rewind(thread.get(), itemId);
    if (message.isPresent()) {
      answer(scene, thread.get(), message.get());
    } else {
      scene.events.send(new Event.Failed("There is no such question to answer again.", false));
    }
  }

  private void exchange(Scene scene, ChatThread thread, UserInput input) throws ClientLeft {
    Item.UserMessage message = new Item.UserMessage(newId("msg"), thread.id(), now(), input);
    threads.append(thread, message);
    Optional<ChatThread> titled = title(thread, input);
    scene.events.send(new Event.ItemDone(message));
    answer(scene, thread, message);
    if (titled.isPresent()) {
      scene.events.send(new Event.ThreadUpdated(titled.get()));
    }
  }

  private void answer(Scene scene, ChatThread thread, Item.UserMessage message) throws ClientLeft {
    scene.events.send(new Event.StreamOptions(true));
    List<Item> earlier =
        threads.history(thread).stream()
            .takeWhile(item -> !item.id().equals(message.id()))
            .toList();
    speak(scene, thread, new Turn(scene.person, earlier, message, scene.page));
  }

  private void speak(Scene scene, ChatThread thread, Turn turn) throws ClientLeft {
    Item.AssistantMessage empty = new Item.AssistantMessage(newId("msg"), thread.id(), now(), "");
    Reply reply = new Reply(scene.events, empty);
    try {
      responder.respond(turn, reply);
    } catch (ClientLeft e) {
      keep(thread, reply);
      // Without the note the next answer might go on with a request that was called off.
      threads.append(thread, new Item.HiddenContext(newId("msg"), "The user stopped the answer."));
      throw e;
    } catch (IOException | RuntimeException e) {
      // Only its kind: the text of a failure may quote what a person wrote.
      LOG.warn("the responder failed: {}", e.getClass().getName());
      keep(thread, reply);
      scene.events.send(new Event.Failed("The answer could not be completed.", true));
      return;
    }
    keep(thread, reply);
    reply.finish();
  }

  private void keep(ChatThread thread, Reply reply) {
    reply.message().ifPresent(message -> threads.append(thread, message));
  }

  /// Names a thread that has no name yet after what was asked first.
  private Optional<ChatThread> title(ChatThread thread, UserInput input) {
    String title = PlainText.of(input.text(), TITLE_LENGTH);
    if (thread.title().isPresent() || title.isEmpty()) {
      return Optional.empty();
    }
    ChatThread titled = thread.titled(title);
    threads.save(titled);
    return Optional.of(titled);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// Long enough never to come twice: ChatKit overwrites an earlier bubble of the same id.
  private static String newId(String prefix) {
    return prefix + "_" + UUID.randomUUID().toString().replace("-", "");
  }

  private record Scene(Person person, PageContext page, EventStream events) {}
}
