package dev.gatehouse.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One line per exchange, written when the last byte is out. It names the configured route, never the
/// path or query that was asked for.
public final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("gatehouse.access");
  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public void log(Request request, Response response) {
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("method", method(request))
            .addKeyValue("status", response.getStatus())
            .addKeyValue("bytesIn", Request.getContentBytesRead(request))
            .addKeyValue("bytesOut", Response.getContentBytesWritten(response));
    if (request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
      describe(exchange, line);
    }
    line.log("exchange");
  }

  private static void describe(Exchange exchange, LoggingEventBuilder line) {
    line.addKeyValue("requestId", exchange.requestId());
    exchange.route().ifPresent(route -> line.addKeyValue("route", route));
    exchange.outcome().ifPresent(outcome -> line.addKeyValue("outcome", outcome));
    exchange.problem().ifPresent(problem -> line.addKeyValue("problem", problem.text()));
    exchange.timeToFirstByte().ifPresent(nanos -> line.addKeyValue("firstByteMs", millis(nanos)));
    line.addKeyValue("durationMs", millis(exchange.age()));
  }

  private static double millis(long nanos) {
    return Math.round(nanos / NANOS_PER_MILLI * 10) / 10.0;
  }

  /// Methods are free text on the wire; only registered ones are worth a word.
  private static String method(Request request) {
    return switch (request.getMethod()) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> request.getMethod();
      default -> "other";
    };
  }
}
