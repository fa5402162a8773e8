package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Agent2Agent, spoken as JSON-RPC or as REST (`application/a2a+json`), in versions 0.3 and 1.0.
final class A2a implements Protocol {
  /// Of a task that goes no further, or not without its user; 0.3 has them in small letters.
  private static final Set<String> RESTING =
      Set.of(
          "TASK_STATE_COMPLETED",
          "TASK_STATE_FAILED",
          "TASK_STATE_CANCELED",
          "TASK_STATE_REJECTED",
          "TASK_STATE_INPUT_REQUIRED",
          "TASK_STATE_AUTH_REQUIRED",
          "completed",
          "failed",
          "canceled",
          "rejected",
          "input-required",
          "auth-required");

  private static final Set<String> STREAMING =
      Set.of("SendStreamingMessage", "SubscribeToTask", "message/stream", "tasks/resubscribe");

  @Override
  public boolean readsBody() {
    return true;
  }

  /// REST has calls that say all in their path.
  @Override
  public boolean bodyMayBeLeftOut() {
    return true;
  }

  // In JSON-RPC the first, in REST the second. Other calls than those that send a message may know
  // no metadata, and strict servers refuse what they do not know; what a client sends there is
  // never believed all the same.
  @Override
  public List<Target> targets() {
    return List.of(
        Target.parse("/params/metadata", true).beside("message"),
        Target.parse("/metadata", true).beside("message"));
  }

  /// 0.3 has the extensions in a header that begins with X.
  @Override
  public List<HeaderPattern> headers() {
    return List.of(new HeaderPattern("A2A-*"), new HeaderPattern("X-A2A-Extensions"));
  }

  @Override
  public Optional<String> operationMember() {
    return JsonRpc.OPERATION;
  }

  @Override
  public Optional<String> callMember() {
    return JsonRpc.CALL;
  }

  @Override
  public Set<String> operations() {
    return Set.of(
        "SendMessage",
        "SendStreamingMessage",
        "GetTask",
        "ListTasks",
        "CancelTask",
        "SubscribeToTask",
        "GetExtendedAgentCard",
        "message/send",
        "message/stream",
        "tasks/get",
        "tasks/cancel",
        "tasks/resubscribe");
  }

  @Override
  public boolean streams(String operation) {
    return STREAMING.contains(operation);
  }

  /// JSON-RPC knows no statuses; REST does.
  @Override
  public Optional<ErrorFrame> errorFrame(Waiting client, String message, boolean retry) {
    return JsonRpc.errorFrame(client, message);
  }

  @Override
  public Optional<Predicate<String>> lastEvent() {
    return Optional.of(A2a::isLast);
  }

  private static boolean isLast(String data) {
    Map<String, String> event = JsonText.outline(data);
    String at = event.containsKey("result") ? "result/" : "";
    return event.containsKey("error")
        || event.containsKey(at + "message")
        || "message".equals(event.get(at + "kind"))
        || "true".equals(event.get(at + "final"))
        || isResting(event, at + "status/state")
        || isResting(event, at + "task/status/state")
        || isResting(event, at + "statusUpdate/status/state");
  }

  private static boolean isResting(Map<String, String> event, String member) {
    return RESTING.contains(event.getOrDefault(member, ""));
  }
}
