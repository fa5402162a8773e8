package dev.gatehouse.agent;

import tools.jackson.databind.node.ObjectNode;

/// The operations that are answered with one JSON object.
final class Lookups {
  private final Threads threads;

  Lookups(Threads threads) {
    this.threads = threads;
  }

  /// @throws Refusal if the thread is not there, or not the person's own
  ObjectNode answer(Person person, Operation.Lookup lookup) {
    return switch (lookup) {
      case Operation.ListThreads(PageRequest page) -> list(person, page);
      case Operation.ThreadById(String id) -> byId(own(person, id));
      case Operation.ListItems(String id, PageRequest page) -> items(own(person, id), page);
    };
  }

  private ObjectNode list(Person person, PageRequest request) {
    return Wire.page(
        threads.list(person.subject(), request), thread -> Wire.thread(thread, Page.empty()));
  }

  private ObjectNode byId(ChatThread thread) {
    return Wire.thread(thread, threads.items(thread, PageRequest.first()));
  }

  private ObjectNode items(ChatThread thread, PageRequest request) {
    return Wire.page(threads.items(thread, request), Wire::item);
  }

  private ChatThread own(Person person, String id) {
    return threads
        .find(person.subject(), id)
        .orElseThrow(() -> Refusal.notFound("There is no such conversation."));
  }
}
