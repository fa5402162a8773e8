package dev.gatehouse.protocol;

import java.util.Optional;

/// What protocols on JSON-RPC 2.0 have in common. Batches are not among it: they are lists, which
/// no body may be.
final class JsonRpc {
  static final Optional<String> OPERATION = Optional.of("method");
  static final Optional<String> CALL = Optional.of("id");

  private static final int INTERNAL_ERROR = -32603;

  private JsonRpc() {}

  /// The answer to a call, in the form its client waits for; empty where there is no call, since
  /// then nobody waits for an answer.
  static Optional<ErrorFrame> errorFrame(Waiting client, String message) {
    boolean event = client.streams() || (client.takesEvents() && !client.takesJson());
    return client
        .call()
        .map(call -> error(call, message))
        .map(event ? ErrorFrame::event : ErrorFrame::document);
  }

  private static String error(String call, String message) {
    return JsonText.object(json -> {
      json.writeStringProperty("jsonrpc", "2.0").writeName("id");
      json.writeRawValue(call)
          .writeObjectPropertyStart("error")
          .writeNumberProperty("code", INTERNAL_ERROR)
          .writeStringProperty("message", message)
          .writeEndObject();
    });
  }
}
