package dev.gatehouse.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Serial;

/// Every path that nothing else serves, whatever the method.
public final class NotFoundServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    throw Problem.of(ProblemCode.NOT_FOUND, "There is nothing here").exception();
  }
}
