package dev.gatehouse.demo;

import dev.gatehouse.agent.AgentServer;
import dev.gatehouse.agent.AgentSettings;
import dev.gatehouse.agent.files.FileSettings;
import dev.gatehouse.agent.http.TrustSettings;
import dev.gatehouse.agent.mcp.TokenUse;
import dev.gatehouse.agent.mcp.ToolServer;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.agent.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The reference agent as the demo runs it: without a model.
public final class DemoAgent {
  private static final Duration PACE = Duration.ofMillis(35);
  private static final long MOST_BYTES = 10 * 1024 * 1024;
  private static final Duration TOOL_PATIENCE = Duration.ofSeconds(10);
  private static final int HISTORY_ITEMS = 100;
  private static final int TURNS_PER_PERSON = 16;

  /// A name that only the gate's configuration knows: it makes these addresses public ones.
  private static final URI INNER = URI.create("http://agent.internal");

  private DemoAgent() {}

  /// Listens once it returns.
  ///
  /// @param data where conversations and files are kept
  /// @param tools the shop whose tools it calls in the name of whoever asks
  public static AgentServer start(DemoIdentityProvider provider, DemoTools tools, Path data)
      throws IOException {
    return AgentServer.start(
        new AgentSettings(
            "127.0.0.1",
            0,
            new TrustSettings(provider.issuer(), provider.jwksUri(), DemoIdentityProvider.AUDIENCE),
            new StoreSettings(
                "jdbc:sqlite:" + data.resolve("agent.db"),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO),
            new FileSettings(data.resolve("files"), MOST_BYTES, Optional.of(INNER)),
            List.of(new ToolServer("shop", tools.uri(), new TokenUse.Forward(), TOOL_PATIENCE)),
            HISTORY_ITEMS,
            TURNS_PER_PERSON,
            false),
        new OfflineResponder(PACE),
        Optional.empty());
  }
}
