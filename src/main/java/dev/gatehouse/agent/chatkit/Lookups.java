package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Json;
import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.Transcriber;
import dev.gatehouse.agent.chat.UnknownCursor;
import dev.gatehouse.agent.chat.Uploads;
import dev.gatehouse.agent.http.Refusal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The operations that are answered with one JSON object.
final class Lookups {
  private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

  private final Floor floor;
  private final Threads threads;
  private final Uploads uploads;
  private final Responder responder;
  private final Optional<Transcriber> transcriber;
  private final Wire wire;
  private final InstantSource clock;

  Lookups(
      Floor floor,
      Threads threads,
      Uploads uploads,
      Responder responder,
      Optional<Transcriber> transcriber,
      Wire wire,
      InstantSource clock) {
    this.floor = floor;
    this.threads = threads;
    this.uploads = uploads;
    this.responder = responder;
    this.transcriber = transcriber;
    this.wire = wire;
    this.clock = clock;
  }

  /// @throws Refusal if what it is about is not there, or not the person's own
  ObjectNode answer(Person person, Operation.Lookup lookup) {
    try {
      return switch (lookup) {
        case Operation.ListThreads(PageRequest page) -> list(person, page);
        case Operation.ThreadById(String id) -> byId(own(person, id));
        case Operation.UpdateThread(String id, String title) -> rename(own(person, id), title);
        case Operation.DeleteThread(String id) -> delete(own(person, id));
        case Operation.ListItems(String id, PageRequest page) -> items(own(person, id), page);
        case Operation.Feedback(String id, List<String> itemIds, Threads.Rating rating) ->
            rate(own(person, id), itemIds, rating);
        case Operation.SyncCustomAction(
                String id,
                Optional<String> itemId,
                Operation.Action action) ->
            act(person, own(person, id), itemId, action);
        case Operation.CreateAttachment create -> create(person, create);
        case Operation.DeleteAttachment(String id) -> deleteAttachment(person, id);
        case Operation.Transcribe(Operation.Recording recording) -> transcribe(recording);
      };
    } catch (UnknownCursor _) {
      throw Refusal.invalid("params.after is not an id of this list.");
    } catch (Uploads.UnwelcomeFile e) {
      throw Refusal.invalid(String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode list(Person person, PageRequest request) {
    return Wire.page(
        threads.list(person.subject(), request), thread -> wire.thread(thread, Page.empty()));
  }

  private ObjectNode byId(ChatThread thread) {
    return wire.thread(thread, threads.items(thread, PageRequest.first()));
  }

  private ObjectNode rename(ChatThread thread, String title) {
    threads.rename(thread, title);
    return byId(thread.titled(title));
  }

  private ObjectNode delete(ChatThread thread) {
    List<String> files = threads.delete(thread);
    floor.clear(thread.owner(), thread.id());
    files.forEach(uploads::discard);
    return Json.object();
  }

  private ObjectNode items(ChatThread thread, PageRequest request) {
    return Wire.page(threads.items(thread, request), wire::item);
  }

  private ObjectNode rate(ChatThread thread, List<String> itemIds, Threads.Rating rating) {
    if (!threads.rate(thread, itemIds, rating, clock.instant())) {
      throw Refusal.notFound("There is no such item in this conversation.");
    }
    return Json.object();
  }

  private ObjectNode act(
      Person person, ChatThread thread, Optional<String> itemId, Operation.Action action) {
    if (!thread.status().isActive()) {
      throw Refusal.invalid(thread.status().reason().orElse("This conversation is closed."));
    }
    Optional<Item.Widget> widget =
        itemId.map(id ->
            threads
                .item(thread, id, Item.Widget.class)
                .orElseThrow(
                    () -> Refusal.notFound("There is no such widget in this conversation.")));
    Cause.Acted acted = new Cause.Acted(action.type(), action.payload(), widget);
    ObjectNode answer = Json.object();
    Optional<Item.Widget> updated =
        atOnce(person, acted).flatMap(root -> widget.map(shown -> shown.showing(root)));
    updated.ifPresent(item -> {
      threads.replace(thread, item);
      answer.set("updated_item", wire.item(item));
    });
    return answer;
  }

  private Optional<ObjectNode> atOnce(Person person, Cause.Acted acted) {
    try {
      return responder.actAtOnce(person, acted);
    } catch (IOException | RuntimeException e) {
      LOG.warn("an action failed: {}", e.getClass().getName());
      throw Refusal.failed("This could not be done.");
    }
  }

  private ObjectNode create(Person person, Operation.CreateAttachment create) {
    Attachment attachment = uploads.expect(person, create.name(), create.size(), create.mimeType());
    ObjectNode answer = wire.attachment(attachment);
    answer
        .putObject("upload_descriptor")
        .put("url", uploads.destination(attachment).toString())
        .put("method", "PUT")
        .putObject("headers");
    return answer;
  }

  private ObjectNode deleteAttachment(Person person, String id) {
    if (!uploads.delete(person, id)) {
      throw Refusal.notFound("There is no such attachment.");
    }
    return Json.object();
  }

  private ObjectNode transcribe(Operation.Recording recording) {
    Transcriber speech =
        transcriber.orElseThrow(() -> Refusal.invalid("Dictation is not set up here."));
    try {
      return Json.object().put("text", speech.transcribe(recording.audio(), recording.mimeType()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("a transcription failed: {}", e.getClass().getName());
      throw Refusal.failed("The recording could not be understood.");
    }
  }

  private ChatThread own(Person person, String id) {
    return threads
        .find(person.subject(), id)
        .orElseThrow(() -> Refusal.notFound("There is no such conversation."));
  }
}
