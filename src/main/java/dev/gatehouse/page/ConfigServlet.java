package dev.gatehouse.page;

import dev.gatehouse.config.ChatKitConfig;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.WholeBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Tells a page what it needs to know of this gate, so that nothing of it stands in a page: where
/// which protocol is spoken, and the public key of ChatKit. Anybody may read it, signed in or not.
public final class ConfigServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private final transient Map<String, Object> members = new LinkedHashMap<>();

  /// @param routes of which only path and protocol are told
  public ConfigServlet(List<RouteConfig> routes, ChatKitConfig chatKit) {
    members.put("routes", routes.stream().map(ConfigServlet::route).toList());
    chatKit.domainKey().ifPresent(key -> members.put("chatkit", Map.of("domainKey", key)));
  }

  private static Map<String, String> route(RouteConfig route) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("path", route.path());
    members.put("protocol", route.protocol().text());
    return members;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    WholeBody.send(response, "application/json", JsonMapper.shared().writeValueAsBytes(members));
  }
}
