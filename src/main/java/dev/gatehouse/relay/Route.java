package dev.gatehouse.relay;

import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.protocol.Protocols;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.upstream.Upstream;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A path of the gate, the protocol spoken there and the agent server behind it.
record Route(RouteConfig config, Protocol protocol, Upstream upstream) {
  private static final Logger LOG = LoggerFactory.getLogger(Route.class);

  /// What could be read as another path by some server on the way: empty and dot segments, path
  /// parameters, backslashes, and the encodings of all of them and of control characters.
  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|/\\.{1,2}(/|$)|[;\\\\]|%(2[eEfF]|5[cC]|3[bB]|[01][0-9a-fA-F]|7[fF]|25)");

  static Route of(RouteConfig config, Clocks clocks) {
    if (config.protocol() == ProtocolName.MCP) {
      LOG.atWarn()
          .addKeyValue("route", config.path())
          .log("MCP forbids to pass tokens on: let no server behind it accept others than its own");
    }
    Protocol protocol = Protocols.of(config.protocol());
    return new Route(config, protocol, Upstream.of(config, protocol, clocks));
  }

  /// What follows the route's prefix in the path as the client wrote it: empty for an exact route.
  ///
  /// @throws dev.gatehouse.http.ProblemException if the path is not this route's to the letter, or
  ///   the method is not allowed
  String match(HttpServletRequest request) {
    String rest = rest(request.getRequestURI());
    if (!config.methods().contains(request.getMethod())) {
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not take that method")
          .with("Allow", String.join(", ", config.methods().stream().sorted().toList()))
          .exception();
    }
    return rest;
  }

  private String rest(String path) {
    boolean prefix = config.path().endsWith("/*");
    String base = prefix ? config.path().substring(0, config.path().length() - 2) : config.path();
    boolean matches = path.equals(base) || (prefix && path.startsWith(base + "/"));
    if (!matches) {
      throw Problem.of(ProblemCode.NOT_FOUND, "There is nothing here").exception();
    }
    String rest = path.substring(base.length());
    if (AMBIGUOUS.matcher(rest).find()) {
      throw Problem.of(ProblemCode.MALFORMED_REQUEST, "The path can be read in more than one way")
          .exception();
    }
    return rest;
  }
}
