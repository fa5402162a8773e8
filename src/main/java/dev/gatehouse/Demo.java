package dev.gatehouse;

import dev.gatehouse.agent.AgentServer;
import dev.gatehouse.agent.AgentSettings;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.demo.DemoIdentityProvider;
import dev.gatehouse.demo.SignInServlet;
import dev.gatehouse.page.Webapp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/// The demo's parts: identity provider and agent are HTTP servers of their own, and the gate knows
/// them only by what its configuration says.
record Demo(Gatehouse gate, AgentServer agent, DemoIdentityProvider provider)
    implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(35);

  /// Starts everything; port 0 picks a free one.
  static Demo start(int port) throws Exception {
    DemoIdentityProvider provider = DemoIdentityProvider.start();
    AgentServer agent =
        AgentServer.start(
            new AgentSettings(
                "127.0.0.1",
                0,
                provider.issuer(),
                provider.jwksUri(),
                DemoIdentityProvider.AUDIENCE,
                PACE));
    GatehouseConfig config =
        ConfigFile.parse(
            "config/demo.yaml",
            resource("config/demo.yaml"),
            Map.of(
                "GATEHOUSE_DEMO_PORT", Integer.toString(port),
                "GATEHOUSE_DEMO_ISSUER", provider.issuer(),
                "GATEHOUSE_DEMO_AGENT", agent.uri().toString()));
    SignInServlet signIn = new SignInServlet(provider, config.cookie().name());
    Gatehouse gate =
        Gatehouse.start(
            config,
            List.of(
                new Mount("/demo/*", new ServletHolder(signIn)), new Mount("/", Webapp.packed())));
    return new Demo(gate, agent, provider);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Demo.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    gate.close();
    agent.close();
    provider.close();
  }
}
