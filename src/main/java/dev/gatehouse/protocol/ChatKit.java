package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// OpenAI's ChatKit: one endpoint, the operation named by the body's `type`.
final class ChatKit implements Protocol {
  private static final Set<String> STREAMING =
      Set.of(
          "threads.create",
          "threads.add_user_message",
          "threads.add_client_tool_output",
          "threads.add_structured_input",
          "threads.retry_after_item",
          "threads.custom_action");

  private static final Set<String> OPERATIONS =
      Stream.concat(
              STREAMING.stream(),
              Stream.of(
                  "threads.sync_custom_action",
                  "threads.get_by_id",
                  "threads.list",
                  "threads.update",
                  "threads.delete",
                  "items.list",
                  "items.feedback",
                  "attachments.create",
                  "attachments.delete",
                  "input.transcribe"))
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public boolean readsBody() {
    return true;
  }

  // Servers built on the SDK read the first; servers that parse the raw body may read the second,
  // which is served only where the client uses it.
  @Override
  public List<Target> targets() {
    return List.of(Target.parse("/metadata", true), Target.parse("/params/input/metadata", false));
  }

  @Override
  public List<HeaderPattern> headers() {
    return List.of(new HeaderPattern("chatkit-*"));
  }

  @Override
  public Optional<String> operationMember() {
    return Optional.of("type");
  }

  @Override
  public Set<String> operations() {
    return OPERATIONS;
  }

  @Override
  public boolean streams(String operation) {
    return STREAMING.contains(operation);
  }

  @Override
  public Optional<ErrorFrame> errorFrame(Waiting client, String message, boolean retry) {
    if (!client.streams() && !client.takesEvents()) {
      return Optional.empty();
    }
    return Optional.of(
        ErrorFrame.event(
            JsonText.object(json ->
                json.writeStringProperty("type", "error")
                    .writeStringProperty("code", "custom")
                    .writeStringProperty("message", message)
                    .writeBooleanProperty("allow_retry", retry))));
  }

  /// Up to five times, and none of it is idempotent.
  @Override
  public boolean repeatsOnFailure() {
    return true;
  }
}
