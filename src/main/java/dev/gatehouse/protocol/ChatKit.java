package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// OpenAI's ChatKit: one endpoint, the operation named by the body's `type`.
final class ChatKit implements Protocol {
  private static final JsonFactory JSON = new JsonFactory();

  private static final Set<String> STREAMING =
      Set.of(
          "threads.create",
          "threads.add_user_message",
          "threads.add_client_tool_output",
          "threads.add_structured_input",
          "threads.retry_after_item",
          "threads.custom_action");

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
  public boolean streams(String operation) {
    return STREAMING.contains(operation);
  }

  @Override
  public Optional<byte[]> errorFrame(String message, boolean retry) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), frame)) {
      json.writeStartObject()
          .writeStringProperty("type", "error")
          .writeStringProperty("code", "custom")
          .writeStringProperty("message", message)
          .writeBooleanProperty("allow_retry", retry)
          .writeEndObject();
    }
    frame.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    return Optional.of(frame.toByteArray());
  }
}
