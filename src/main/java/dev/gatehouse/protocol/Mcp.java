package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The Model Context Protocol over HTTP, of both eras: with sessions, a long GET and a DELETE, and
/// since 2026-07-28 with POST alone. A stream of it may end before the answer has come, to be taken
/// up again, so that no event is the last.
final class Mcp implements Protocol {

  @Override
  public boolean readsBody() {
    return true;
  }

  // Every request and notification may have _meta, and answers that a client sends have no params.
  @Override
  public List<Target> targets() {
    return List.of(
        Target.parse("/params/_meta", true)
            .of(Target.Content.Members.page("dev.gatehouse/pageContext")));
  }

  /// `Mcp-Session-Id`, `MCP-Protocol-Version`, and what repeats the body: `Mcp-Method`, `Mcp-Name`
  /// and `Mcp-Param-*`.
  @Override
  public List<HeaderPattern> headers() {
    return List.of(new HeaderPattern("Mcp-*"));
  }

  @Override
  public List<HeaderPattern> answerHeaders() {
    return List.of(new HeaderPattern("WWW-Authenticate"));
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
        "initialize",
        "ping",
        "server/discover",
        "tools/list",
        "tools/call",
        "resources/list",
        "resources/read",
        "resources/templates/list",
        "resources/subscribe",
        "resources/unsubscribe",
        "prompts/list",
        "prompts/get",
        "completion/complete",
        "logging/setLevel");
  }

  /// Some clients take a failed POST for the end of the session; an error that answers the call
  /// fails the call alone.
  @Override
  public Optional<ErrorFrame> errorFrame(Waiting client, String message, boolean retry) {
    return JsonRpc.errorFrame(client, message);
  }
}
