package dev.gatehouse.agent;

import dev.gatehouse.agent.files.FileSettings;
import dev.gatehouse.agent.http.TrustSettings;
import dev.gatehouse.agent.mcp.ToolServer;
import dev.gatehouse.agent.store.StoreSettings;
import java.util.List;

/// Where the agent listens, whom it believes, and what it keeps where.
///
/// @param port 0 picks a free one
/// @param historyItems how many items of a thread a responder gets to see
/// @param turnsPerPerson how many turns of one person may be under way
/// @param warmUp whether to run some turns against nobody first, so that the first person waits no
///   longer than the others; the start takes a second or two longer
public record AgentSettings(
    String host,
    int port,
    TrustSettings trust,
    StoreSettings store,
    FileSettings files,
    List<ToolServer> toolServers,
    int historyItems,
    int turnsPerPerson,
    boolean warmUp) {

  public AgentSettings {
    toolServers = List.copyOf(toolServers);
    if (turnsPerPerson < 1) {
      throw new IllegalArgumentException("turnsPerPerson must be positive");
    }
    if (historyItems < 0) {
      throw new IllegalArgumentException("historyItems must not be negative");
    }
  }
}
