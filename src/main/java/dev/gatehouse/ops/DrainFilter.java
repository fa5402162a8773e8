package dev.gatehouse.ops;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/// Turns new requests away while the gate drains, and counts the others.
public final class DrainFilter implements Filter {
  private static final String RETRY_AFTER_SECONDS = "5";
  private final Drain drain;

  /// @param drain shared with whoever stops the gate
  public DrainFilter(Drain drain) {
    this.drain = drain;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    drain.enter(); // before the question, so that nobody slips in between it and the count
    try {
      if (drain.draining()) {
        throw Problem.of(ProblemCode.DRAINING, "This server is shutting down; try again")
            .with("Retry-After", RETRY_AFTER_SECONDS)
            .with("Connection", "close")
            .exception();
      }
      chain.doFilter(request, response);
    } finally {
      drain.leave();
    }
  }
}
