package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// Says whether something is well: 200 or 503. Needs no token and says no more.
public final class HealthServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;
  private final transient BooleanSupplier condition;

  public HealthServlet(BooleanSupplier condition) {
    this.condition = condition;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean well = condition.getAsBoolean();
    response.setStatus(
        well ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    String answer = well ? "{\"status\":\"ok\"}" : "{\"status\":\"unavailable\"}";
    response.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
  }
}
