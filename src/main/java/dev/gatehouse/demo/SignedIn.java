package dev.gatehouse.demo;

import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.Refusal;
import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Lets nobody to the demo's tools without a token that holds. Who it is comes from the token of
/// each request, never from a session.
final class SignedIn extends HttpFilter {
  @Serial private static final long serialVersionUID = 1;
  private static final String PERSON = SignedIn.class.getName();

  private final transient BearerCheck bearers;

  SignedIn(BearerCheck bearers) {
    this.bearers = bearers;
  }

  /// What tools get to know of a request.
  static McpTransportContext context(HttpServletRequest request) {
    return McpTransportContext.create(Map.of(PERSON, request.getAttribute(PERSON)));
  }

  /// Who sent the request that a tool answers.
  static Person person(McpTransportContext context) {
    return (Person) context.get(PERSON);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    List<String> authorization = Collections.list(request.getHeaders("Authorization"));
    try {
      request.setAttribute(PERSON, bearers.caller(authorization).person());
    } catch (Refusal refusal) {
      refusal.answer(response);
      return;
    }
    chain.doFilter(request, response);
  }
}
