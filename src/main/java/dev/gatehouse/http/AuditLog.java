package dev.gatehouse.http;

import dev.gatehouse.config.AuditConfig;
import dev.gatehouse.config.Posture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One event per decision, once it is known what came of it: who asked for what, whether it was let
/// through, and why not. Every value is a configured route, a word or number of ours, or a keyed
/// hash.
public final class AuditLog implements RequestLog {
  private static final Logger AUDIT = LoggerFactory.getLogger("gatehouse.audit");
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  /// The outcome of what was refused, if need be in the middle of an upload.
  private static final String REJECTED = "rejected";

  private final Pseudonyms pseudonyms;
  private final AuditConfig.Addresses addresses;

  private AuditLog(Pseudonyms pseudonyms, AuditConfig.Addresses addresses) {
    this.pseudonyms = pseudonyms;
    this.addresses = addresses;
  }

  /// Opens the log with an event about what the gate enforces.
  ///
  /// @param pseudonyms under the key that is configured
  public static AuditLog open(AuditConfig config, Pseudonyms pseudonyms, Posture posture) {
    if (config.key().isEmpty()) {
      LOG.info("audit.key is not set: who and from are other words after the next start");
    }
    write("posture", posture.facts());
    return new AuditLog(pseudonyms, config.addresses());
  }

  @Override
  public void log(Request request, Response response) {
    Exchange.in(request)
        .filter(exchange -> exchange.route().isPresent() || exchange.problem().isPresent())
        .ifPresent(exchange -> write("decision", facts(exchange, request, response.getStatus())));
  }

  private Map<String, Object> facts(Exchange exchange, Request request, int status) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("requestId", exchange.requestId());
    facts.put("decision", decision(exchange));
    reason(exchange).ifPresent(reason -> facts.put("reason", reason));
    exchange.reason().ifPresent(cause -> facts.put("cause", cause));
    exchange.objection().ifPresent(objection -> facts.put("objection", objection));
    exchange.caller().ifPresent(caller -> facts.put("who", pseudonyms.of(caller)));
    exchange.client().or(() -> peer(request)).ifPresent(from -> facts.put("from", name(from)));
    exchange.route().ifPresent(route -> facts.put("route", route));
    facts.put("method", AccessLog.method(request.getMethod()));
    exchange.operation().ifPresent(operation -> facts.put("operation", operation));
    facts.put("status", status);
    exchange.outcome().ifPresent(outcome -> facts.put("outcome", outcome));
    return facts;
  }

  private static String decision(Exchange exchange) {
    boolean rejected = exchange.outcome().filter(REJECTED::equals).isPresent();
    if (rejected || (!exchange.isAdmitted() && !isPreflight(exchange))) {
      return "deny";
    }
    return exchange.objection().isPresent() ? "would-deny" : "allow";
  }

  /// A request that neither passed nor was refused is one whose client did not stay to the end.
  private static Optional<String> reason(Exchange exchange) {
    if (isPreflight(exchange)) {
      return Optional.of("preflight");
    }
    return exchange
        .problem()
        .map(ProblemCode::text)
        .or(() -> exchange.isAdmitted() ? Optional.empty() : Optional.of("client-left"));
  }

  /// The one thing on a route that ends without an outcome.
  private static boolean isPreflight(Exchange exchange) {
    return exchange.outcome().isEmpty() && exchange.problem().isEmpty();
  }

  private String name(InetAddress address) {
    return switch (addresses) {
      case HASHED -> pseudonyms.of(address);
      case PLAIN -> address.getHostAddress();
    };
  }

  /// Whoever sends what is no HTTP is refused before anybody noted where it comes from.
  private static Optional<InetAddress> peer(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        ? Optional.ofNullable(peer.getAddress())
        : Optional.empty();
  }

  private static void write(String message, Map<String, Object> facts) {
    LoggingEventBuilder line = AUDIT.atInfo();
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      line = line.addKeyValue(fact.getKey(), fact.getValue());
    }
    line.log(message);
  }
}
