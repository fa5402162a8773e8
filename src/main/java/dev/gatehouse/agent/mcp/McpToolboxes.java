package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Toolboxes;
import java.time.InstantSource;
import java.util.List;

/// Tools of MCP servers, each called with the token that its settings say.
public final class McpToolboxes implements Toolboxes {
  private final List<Peer> peers;

  private McpToolboxes(List<Peer> peers) {
    this.peers = peers;
  }

  public static Toolboxes of(List<ToolServer> servers) {
    return of(servers, InstantSource.system());
  }

  static Toolboxes of(List<ToolServer> servers, InstantSource clock) {
    return servers.isEmpty()
        ? Toolboxes.NONE
        : new McpToolboxes(servers.stream().map(server -> Peer.of(server, clock)).toList());
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
  }

  @Override
  public Toolbox open(Person person, BearerToken token) {
    return new McpToolbox(peers.stream().map(peer -> ToolSession.with(peer, token)).toList());
  }
}
