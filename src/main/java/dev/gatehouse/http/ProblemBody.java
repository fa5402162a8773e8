package dev.gatehouse.http;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A [Problem] on the wire (RFC 9457). `error` and `message` repeat title and detail for clients
/// that know only those.
record ProblemBody(Problem problem, String requestId) {
  static final String CONTENT_TYPE = "application/problem+json";
  private static final String TYPE_BASE = "https://gatehouse.dev/problems/";
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /// UTF-8 JSON.
  byte[] bytes() {
    ProblemCode code = problem.code();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", TYPE_BASE + code.text());
    members.put("title", code.title());
    members.put("status", code.status());
    members.put("detail", problem.detail());
    members.put("code", code.text());
    members.put("requestId", requestId);
    members.put("error", code.title());
    members.put("message", problem.detail());
    return MAPPER.writeValueAsBytes(members);
  }
}
