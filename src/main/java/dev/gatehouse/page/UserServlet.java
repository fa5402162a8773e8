package dev.gatehouse.page;

import dev.gatehouse.auth.Authenticator;
import dev.gatehouse.auth.Caller;
import dev.gatehouse.http.WholeBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Tells a page who is signed in, since it cannot read the token itself.
public final class UserServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final transient Authenticator authenticator;

  /// @param authenticator the one that guards the routes, so that both always agree
  public UserServlet(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Caller> caller = authenticator.present(request);
    response.setHeader("Cache-Control", "no-store");
    WholeBody.send(
        response,
        "application/json",
        JsonMapper.shared()
            .writeValueAsBytes(caller.map(UserServlet::user).orElseGet(UserServlet::nobody)));
  }

  private static Map<String, Object> nobody() {
    return Map.of("authenticated", false);
  }

  private static Map<String, Object> user(Caller caller) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("authenticated", true);
    if (caller.userId().isEmpty()) {
      // There is a token, but whether it is good only the agent knows.
      members.put("verified", false);
    }
    members.putAll(caller.user().members());
    caller.expiry().ifPresent(expiry -> members.put("expiresAt", expiry.toString()));
    return members;
  }
}
