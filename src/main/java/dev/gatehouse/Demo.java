package dev.gatehouse;

import dev.gatehouse.agent.AgentServer;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.demo.DemoAgent;
import dev.gatehouse.demo.DemoIdentityProvider;
import dev.gatehouse.demo.DemoTools;
import dev.gatehouse.demo.SignInServlet;
import dev.gatehouse.page.Webapp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/// The demo's parts: identity provider and agent are HTTP servers of their own, and the gate knows
/// them only by what its configuration says.
record Demo(
    Gatehouse gate, AgentServer agent, DemoTools tools, DemoIdentityProvider provider, Folder data)
    implements AutoCloseable {
  private static final String DOMAIN_KEY = "GATEHOUSE_CHATKIT_DOMAIN_KEY";

  /// Starts everything; port 0 picks a free one.
  ///
  /// @param kept where conversations are kept; if empty, they go with the process
  static Demo start(int port, Optional<Path> kept) throws Exception {
    DemoIdentityProvider provider = DemoIdentityProvider.start();
    DemoTools tools = DemoTools.start(provider);
    Folder data = Folder.keptOrPassing(kept);
    AgentServer agent = DemoAgent.start(provider, tools, data.path());
    GatehouseConfig config =
        ConfigFile.parse(
            "config/demo.yaml",
            resource("config/demo.yaml"),
            Map.of(
                "GATEHOUSE_DEMO_PORT",
                Integer.toString(port),
                "GATEHOUSE_DEMO_ISSUER",
                provider.issuer(),
                "GATEHOUSE_DEMO_AGENT",
                agent.uri().toString(),
                DOMAIN_KEY,
                System.getenv().getOrDefault(DOMAIN_KEY, "")));
    SignInServlet signIn = new SignInServlet(provider, config.cookie().name());
    Gatehouse gate =
        Gatehouse.start(
            config,
            List.of(
                new Mount("/demo/*", new ServletHolder(signIn)), new Mount("/", Webapp.packed())));
    return new Demo(gate, agent, tools, provider, data);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Demo.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Lets open streams come to their end, and stops.
  void drain() throws InterruptedException {
    gate.drain();
    close();
  }

  @Override
  public void close() {
    gate.close();
    agent.close();
    tools.close();
    provider.close();
    data.close();
  }

  /// Where conversations are.
  ///
  /// @param passing whether it is to be deleted in the end
  record Folder(Path path, boolean passing) implements AutoCloseable {

    static Folder keptOrPassing(Optional<Path> kept) throws IOException {
      if (kept.isPresent()) {
        return new Folder(Files.createDirectories(kept.get()), false);
      }
      return new Folder(Files.createTempDirectory("gatehouse-demo"), true);
    }

    @Override
    public void close() {
      if (!passing) {
        return;
      }
      try (Stream<Path> paths = Files.walk(path)) {
        for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
