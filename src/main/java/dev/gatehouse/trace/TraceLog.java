package dev.gatehouse.trace;

import dev.gatehouse.http.Exchange;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/// Ends the trace of every request that has one, once its last byte is out.
public final class TraceLog implements RequestLog {

  @Override
  public void log(Request request, Response response) {
    Trace.in(request)
        .ifPresent(trace ->
            Exchange.in(request).ifPresent(exchange -> trace.end(exchange, response.getStatus())));
  }
}
