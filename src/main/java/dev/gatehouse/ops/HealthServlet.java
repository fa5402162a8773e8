package dev.gatehouse.ops;

import dev.gatehouse.http.WholeBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Answers 200 while nothing fails, else 503 with the names of what does.
final class HealthServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final transient Supplier<List<String>> failing;

  HealthServlet(Supplier<List<String>> failing) {
    this.failing = failing;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<String> names = failing.get();
    boolean well = names.isEmpty();
    response.setStatus(
        well ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setHeader("Cache-Control", "no-store");
    Object body = well ? Map.of("status", "ok") : Map.of("status", "unavailable", "failing", names);
    WholeBody.send(response, "application/json", JsonMapper.shared().writeValueAsBytes(body));
  }
}
