package dev.gatehouse.testing;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// A gate on free loopback ports, configured by the same YAML as any other, in front of one
/// upstream and with an issuer of its own.
public final class RunningGatehouse implements AutoCloseable {
  /// The path of the route.
  public static final String PATH = "/api/chatkit";

  private final Gatehouse gate;
  private final URI admin;
  private final TestIssuer issuer;
  private final Transport transport;

  private RunningGatehouse(Gatehouse gate, TestIssuer issuer, Transport transport) {
    this.gate = gate;
    this.admin = gate.adminUri();
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

  /// What a signed-in page's script sends to post JSON, as bytes on the wire.
  ///
  /// @param headers further ones, each without its line end
  public String post(String json, String... headers) {
    return postWith(issuer.tokenFor("user-1"), json, headers);
  }

  /// The same with a token.
  public String postWith(String token, String json, String... headers) {
    StringBuilder request = new StringBuilder("POST " + PATH + " HTTP/1.1\r\nHost: x\r\n");
    request.append("Sec-Fetch-Site: same-origin\r\nCookie: ").append(LeakRecord.CANARY);
    request.append("=1; auth_token=").append(token).append("\r\nUser-Agent: ");
    request.append(LeakRecord.CANARY);
    request.append("\r\nContent-Type: application/json\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("Content-Length: ").append(json.length()).append("\r\n\r\n") + json;
  }

  /// A raw connection to the public listener on which HTTP/2 is spoken.
  public Frames frames() throws Exception {
    return Frames.open(wire());
  }

  /// Whoever asks the admin listener.
  public Browser operator() {
    return Browser.at(admin);
  }

  /// What it measured so far.
  public String metrics() {
    String text = operator().get("/metrics").text();
    LeakRecord.keep(LeakRecord.Kind.METRICS, text);
    return text;
  }

  /// Waits for a line of the metrics: an exchange is counted when it is over, and its answer may be
  /// here before that.
  public void awaitMetric(String line) throws Exception {
    Await.that(() -> line + " is in\n" + metrics(), () -> metrics().lines().anyMatch(line::equals));
  }

  /// Where it listens.
  public URI uri() {
    return gate.uri();
  }

  /// Where operators look.
  public URI adminUri() {
    return admin;
  }

  /// Reads another configuration while it runs.
  ///
  /// @return whether that is in effect
  public boolean reload(Builder other) throws Exception {
    return reload(other, issuer);
  }

  /// The same with another issuer.
  public boolean reload(Builder other, TestIssuer theirs) throws Exception {
    return gate.reload(other.config(theirs));
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
    measureOnceMore();
    gate.close();
    issuer.close();
  }

  /// For the record; whoever has drained has no metrics any more.
  private void measureOnceMore() {
    try {
      metrics();
    } catch (UncheckedIOException _) {
      // said enough before
    }
  }

  /// Describes a gate in lines of YAML.
  public static final class Builder {
    private final URI upstream;
    private Transport transport = Transport.HTTP_1;
    private String server = "";
    private String drainTimeout = "5s";
    private String auth = indented("  ", "issuer: ISSUER", "audience: [agent-api]");
    private String path = PATH;
    private String route = "";
    private String others = "";
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

    /// Other lines for `auth`, in which `ISSUER` stands for the issuer's URL.
    public Builder auth(String... lines) {
      auth = indented("  ", lines);
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

    /// Further routes, each an item of the list.
    public Builder also(String... items) {
      others = indented("  ", items);
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
      return new RunningGatehouse(Gatehouse.start(config(issuer), List.of()), issuer, transport);
    }

    private GatehouseConfig config(TestIssuer issuer) throws Exception {
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
          %s
          %s
          routes:
            - path: %s
              upstream: %s
          %s
          %s
          """
              .formatted(
                  drainTimeout,
                  transport.setting(),
                  server,
                  auth.replace("ISSUER", issuer.issuer()),
                  more,
                  path,
                  upstream,
                  route,
                  others);
      return ConfigFile.parse("test.yaml", yaml, Map.of());
    }
  }

  /// Waits until it has its keys.
  public void awaitReady() throws Exception {
    Await.that("the gate is ready", () -> operator().get("/readyz").status() == 200);
  }
}
