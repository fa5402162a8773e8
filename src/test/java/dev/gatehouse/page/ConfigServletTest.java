package dev.gatehouse.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import java.util.Optional;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;

final class ConfigServletTest {
  private static final String PATH = "/bff/config";

  private static RunningGatehouse.Builder gate(ScriptedUpstream upstream) {
    return RunningGatehouse.towards(upstream.uri())
        .route(
            "protocol: chatkit",
            "add-request-headers: {X-Api-Key: hidden-key}",
            "identity-headers: {X-Hidden: sub}",
            "rewrite-urls: {'http://hidden.example.com/files': /api/files}")
        .also("- {path: /api/chat/*, upstream: 'http://hidden.example.com/x', protocol: ai-sdk}");
  }

  @Test
  void pageLearnsRoutesAndKeyAndNothingElse() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate =
            gate(upstream)
                .with("audit: {key: hidden-hidden-hidden}", "chatkit: {domain-key: domain_pk_1}")
                .start()) {
      Reply reply = gate.stranger().get(PATH);
      assertEquals(200, reply.status());
      assertEquals(
          "{\"routes\":[{\"path\":\"/api/chatkit\",\"protocol\":\"chatkit\"},"
              + "{\"path\":\"/api/chat/*\",\"protocol\":\"ai-sdk\"}],"
              + "\"chatkit\":{\"domainKey\":\"domain_pk_1\"}}",
          reply.text());
      assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
      assertEquals(Optional.of("application/json"), reply.header("Content-Type"));
      assertEquals(reply.text(), gate.browser().get(PATH).text());
      for (String secret :
          List.of("hidden", "Hidden", gate.issuer().issuer(), upstream.uri().getAuthority())) {
        assertFalse(reply.text().contains(secret), secret);
      }
    }
  }

  @Test
  void withoutAKeyThereIsNoChatKit() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream).start()) {
      assertTrue(gate.stranger().get(PATH).json().path("chatkit").isMissingNode());
    }
  }

  @Test
  void itCanOnlyBeReadAndNotTooOften() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate =
            gate(upstream).server("rate-limit: {per-address: {requests: 2, per: 60m}}").start()) {
      gate.stranger()
          .send("POST", PATH, RequestBody.create(new byte[0]))
          .assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
      assertEquals(200, gate.stranger().send("HEAD", PATH, null).status());
      assertEquals(200, gate.stranger().get(PATH).status());
      gate.stranger().get(PATH).assertProblem(ProblemCode.RATE_LIMITED);
    }
  }

  @Test
  void pagesMayLoadChatKitOnlyWhereThereIsAKey() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse with = gate(upstream).with("chatkit: {domain-key: k}").start();
        RunningGatehouse without = gate(upstream).with("chatkit: {domain-key: ''}").start()) {
      assertEquals(
          Optional.of(
              "default-src 'none'; script-src 'self' https://cdn.platform.openai.com;"
                  + " style-src 'self'; img-src 'self' data: https://cdn.platform.openai.com;"
                  + " font-src 'self' https://cdn.platform.openai.com; connect-src 'self';"
                  + " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
                  + " frame-src https://cdn.platform.openai.com"),
          with.stranger().get("/").header("Content-Security-Policy"));
      assertFalse(
          without
              .stranger()
              .get("/")
              .header("Content-Security-Policy")
              .orElseThrow()
              .contains("https:"));
    }
  }
}
