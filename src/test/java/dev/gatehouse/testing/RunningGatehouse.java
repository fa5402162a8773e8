package dev.gatehouse.testing;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.config.ConfigFile;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// A gate on free loopback ports, configured by the same YAML as any other, in front of one
/// upstream and with an issuer of its own.
public final class RunningGatehouse implements AutoCloseable {
  /// The path of the route.
  public static final String PATH = "/api/chatkit";

  private final Gatehouse gate;
  private final TestIssuer issuer;
  private final Transport transport;

  private RunningGatehouse(Gatehouse gate, TestIssuer issuer, Transport transport) {
    this.gate = gate;
    this.issuer = issuer;
    this.transport = transport;
  }

  /// A gate whose only route speaks ChatKit.
  public static RunningGatehouse to(ScriptedUpstream upstream) throws Exception {
    return new Builder(upstream.uri()).start();
  }

  /// A gate to be described further.
  public static Builder towards(URI upstream) {
    return new Builder(upstream);
  }

  /// A client that is signed in.
  public Browser browser() {
    return stranger().signedInWith(issuer.tokenFor("user-1"));
  }

  /// A client that is not.
  public Browser stranger() {
    Browser browser = Browser.at(gate.uri());
    return transport == Transport.HTTP_1 ? browser : browser.over(transport);
  }

  /// A raw connection to the public listener.
  public Wire wire() throws Exception {
    return transport.wire(gate.uri().getPort());
  }

  /// A raw connection to the public listener on which HTTP/2 is spoken.
  public Frames frames() throws Exception {
    return Frames.open(wire());
  }

  /// Whoever asks the admin listener.
  public Browser operator() {
    return Browser.at(gate.adminUri());
  }

  /// Where it listens.
  public URI uri() {
    return gate.uri();
  }

  /// Where operators look.
  public URI adminUri() {
    return gate.adminUri();
  }

  /// The gate itself.
  public Gatehouse gate() {
    return gate;
  }

  /// Who issues its tokens.
  public TestIssuer issuer() {
    return issuer;
  }

  @Override
  public void close() {
    gate.close();
    issuer.close();
  }

  /// Describes a gate in lines of YAML.
  public static final class Builder {
    private final URI upstream;
    private Transport transport = Transport.HTTP_1;
    private String server = "";
    private String drainTimeout = "5s";
    private String path = PATH;
    private String route = "";
    private String more = "";

    private Builder(URI upstream) {
      this.upstream = upstream;
    }

    /// What its browsers and wires speak.
    public Builder over(Transport spoken) {
      transport = spoken;
      return this;
    }

    /// Lines for `server`.
    public Builder server(String... lines) {
      server = indented("  ", lines);
      return this;
    }

    /// How long streams may go on when it drains.
    public Builder drainTimeout(String text) {
      drainTimeout = text;
      return this;
    }

    /// Another path for the route.
    public Builder path(String text) {
      path = text;
      return this;
    }

    /// Lines for the route.
    public Builder route(String... lines) {
      route = indented("    ", lines);
      return this;
    }

    /// Lines at the top level.
    public Builder with(String... lines) {
      more = indented("", lines);
      return this;
    }

    private static String indented(String indent, String... lines) {
      return indent + String.join("\n" + indent, lines);
    }

    /// Starts it and waits for its keys.
    public RunningGatehouse start() throws Exception {
      RunningGatehouse running = startWith(TestIssuer.start());
      running.awaitReady();
      return running;
    }

    /// Starts it with an issuer that may not answer.
    public RunningGatehouse startWith(TestIssuer issuer) throws Exception {
      String yaml =
          """
          server:
            listen: 127.0.0.1:0
            drain-timeout: %s
            %s
          %s
          admin:
            listen: 127.0.0.1:0
          auth:
            issuer: %s
            audience: [agent-api]
          %s
          routes:
            - path: %s
              upstream: %s
          %s
          """
              .formatted(
                  drainTimeout,
                  transport.setting(),
                  server,
                  issuer.issuer(),
                  more,
                  path,
                  upstream,
                  route);
      Gatehouse gate = Gatehouse.start(ConfigFile.parse("test.yaml", yaml, Map.of()), List.of());
      return new RunningGatehouse(gate, issuer, transport);
    }
  }

  /// Waits until it has its keys.
  public void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (operator().get("/readyz").status() != 200) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the gate does not get ready");
      }
      Thread.onSpinWait();
    }
  }
}
