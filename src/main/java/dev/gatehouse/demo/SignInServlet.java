package dev.gatehouse.demo;

import dev.gatehouse.http.WholeBody;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;

/// Signing in and out of the demo, on the gate's own origin: mounted at `/demo/*`, it serves
/// `sign-in`, `sign-in.css` and `sign-out`.
public final class SignInServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final transient DemoIdentityProvider provider;
  private final transient SignInPage page = SignInPage.load();
  private final String cookieName;

  public SignInServlet(DemoIdentityProvider provider, String cookieName) {
    this.provider = provider;
    this.cookieName = cookieName;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    try {
      answer(request, response);
    } catch (HttpException.RuntimeException | IllegalStateException _) {
      plain(response, 400, "This form cannot be read."); // the container's word for odd encodings
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    switch (request.getMethod()) {
      case "GET", "HEAD" -> show(request, response);
      case "POST" -> change(request, response);
      default -> {
        response.setHeader("Allow", "GET, HEAD, POST");
        plain(response, 405, "This method is not used here.");
      }
    }
  }

  private void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
    switch (path(request)) {
      case "/sign-in" -> {
        ReturnPath target = ReturnPath.of(request.getParameter("return"));
        write(response, "text/html;charset=utf-8", page.html(target));
      }
      case "/sign-in.css" -> write(response, "text/css;charset=utf-8", page.css());
      default -> plain(response, 404, "There is no such page.");
    }
  }

  private void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!SameOrigin.holds(request)) {
      plain(response, 403, "This form can only be sent from its own page.");
      return;
    }
    switch (path(request)) {
      case "/sign-in" -> signIn(request, response);
      case "/sign-out" -> {
        response.addCookie(cookie("", 0, request));
        redirect(request, response);
      }
      default -> plain(response, 404, "There is no such page.");
    }
  }

  private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Optional<DemoUser> user =
        Optional.ofNullable(request.getParameter("user")).flatMap(DemoUser::of);
    if (user.isEmpty()) {
      plain(response, 400, "Choose one of the demo users.");
      return;
    }
    int seconds = (int) DemoIdentityProvider.LIFETIME.toSeconds();
    response.addCookie(cookie(provider.issue(user.get()), seconds, request));
    redirect(request, response);
  }

  /// The same attributes for setting and clearing: a browser keeps a cookie whose deletion differs.
  private Cookie cookie(String value, int maxAgeSeconds, HttpServletRequest request) {
    Cookie cookie = new Cookie(cookieName, value);
    cookie.setPath("/");
    cookie.setHttpOnly(true);
    cookie.setSecure(request.isSecure());
    cookie.setAttribute("SameSite", "Strict");
    cookie.setMaxAge(maxAgeSeconds);
    return cookie;
  }

  private static void redirect(HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    // By hand, because sendRedirect would build an absolute address from the Host header.
    response.setHeader("Location", ReturnPath.of(request.getParameter("return")).path());
  }

  private static String path(HttpServletRequest request) {
    return Optional.ofNullable(request.getPathInfo()).orElse("");
  }

  private static void plain(HttpServletResponse response, int status, String text)
      throws IOException {
    response.setStatus(status);
    write(response, "text/plain;charset=utf-8", text + "\n");
  }

  private static void write(HttpServletResponse response, String contentType, String text)
      throws IOException {
    WholeBody.send(response, contentType, text.getBytes(StandardCharsets.UTF_8));
  }
}
