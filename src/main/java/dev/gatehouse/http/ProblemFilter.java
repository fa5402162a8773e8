package dev.gatehouse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns a [ProblemException] into its answer, a lack of memory into `overloaded` and any defect of
/// ours into `internal-error`, without a word of what went wrong.
public final class ProblemFilter implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemFilter.class);

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Exchange exchange = Exchange.of(request);
    try {
      chain.doFilter(request, response);
    } catch (ProblemException e) {
      answer(exchange, e.problem(), request, response);
    } catch (OutOfMemoryError e) {
      report(exchange, e);
      if (response.isCommitted()) {
        throw e;
      }
      answer(exchange, overloaded(), request, response);
    } catch (RuntimeException | Error e) {
      report(exchange, e);
      if (response.isCommitted()) {
        throw e;
      }
      answer(exchange, internalError(), request, response);
    }
  }

  private static Problem internalError() {
    return Problem.of(
        ProblemCode.INTERNAL_ERROR,
        "Something went wrong here; the request id finds it in the log");
  }

  private static Problem overloaded() {
    return Problem.of(ProblemCode.OVERLOADED, "Too much is going on at once; try again soon")
        .with("Retry-After", "2");
  }

  private static void answer(
      Exchange exchange, Problem problem, ServletRequest request, ServletResponse response)
      throws IOException {
    exchange.failed(problem);
    write(exchange, problem, (HttpServletRequest) request, (HttpServletResponse) response);
  }

  private static void write(
      Exchange exchange, Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.resetBuffer();
    response.setStatus(problem.code().status());
    response.setHeader(RequestIdFilter.HEADER, exchange.requestId());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(ProblemBody.CONTENT_TYPE);
    UnreadBody.settle(request, response);
    problem.headers().forEach(response::setHeader);
    byte[] body = new ProblemBody(problem, exchange.requestId()).bytes();
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /// The message of an exception may quote input, so only its kind and place are logged.
  public static void report(Exchange exchange, Throwable defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    LOG.atError()
        .addKeyValue("requestId", exchange.requestId())
        .addKeyValue("exception", defect.getClass().getName())
        .addKeyValue("at", trace.length == 0 ? "unknown" : trace[0].toString())
        .log("request failed on a defect");
  }
}
