package dev.gatehouse.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One line per exchange, written when the last byte is out. It names the configured route, never
/// the path or query that was asked for.
public final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("gatehouse.access");
  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public void log(Request request, Response response) {
    Map<String, Object> facts = new LinkedHashMap<>();
    Optional<Exchange> exchange = Exchange.in(request);
    exchange.ifPresent(known -> describe(known, facts));
    facts.put("method", method(request.getMethod()));
    facts.put("status", response.getStatus());
    facts.put("bytesIn", Request.getContentBytesRead(request));
    facts.put(
        "bytesOut",
        exchange
            .map(known -> known.bytesOut(response))
            .orElseGet(() -> Response.getContentBytesWritten(response)));
    LoggingEventBuilder line = LOG.atInfo();
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      line = line.addKeyValue(fact.getKey(), fact.getValue());
    }
    line.log("exchange");
  }

  private static void describe(Exchange exchange, Map<String, Object> facts) {
    facts.put("requestId", exchange.requestId());
    exchange.route().ifPresent(route -> facts.put("route", route));
    exchange.outcome().ifPresent(outcome -> facts.put("outcome", outcome));
    exchange.problem().ifPresent(problem -> facts.put("problem", problem.text()));
    exchange.timeToFirstByte().ifPresent(nanos -> facts.put("firstByteMs", millis(nanos)));
    facts.put("durationMs", millis(exchange.age()));
  }

  private static double millis(long nanos) {
    return Math.round(nanos / NANOS_PER_MILLI * 10) / 10.0;
  }

  /// Methods are free text on the wire; only registered ones are worth a word.
  static String method(String name) {
    return switch (name) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> name;
      default -> "other";
    };
  }
}
