package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Nothing that anybody sends shows up in a log or in a problem, whatever becomes of the request:
/// every part of every request here carries the same word.
final class LeakTest {
  private static final String CANARY = "kanarienvogel";

  /// What the upstream does, with the word in all it says.
  enum Upstream {
    ANSWERS {
      @Override
      void answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 200 OK\r\nX-A: " + CANARY + "\r\nSet-Cookie: " + CANARY + "=1\r\n");
        wire.send("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        wire.sendChunk("data: " + CANARY + "\n\n").sendLastChunk();
      }
    },
    BREAKS {
      @Override
      void answer(Wire wire) throws Exception {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: " + CANARY + "\n\n");
        wire.close();
      }
    },
    FAILS {
      @Override
      void answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 500 " + CANARY + "\r\nContent-Length: 13\r\n\r\n" + CANARY);
      }
    },
    BABBLES {
      @Override
      void answer(Wire wire) throws Exception {
        wire.send(CANARY + " " + CANARY + "\r\n\r\n");
      }
    },
    CONTRADICTS_ITSELF {
      @Override
      void answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + CANARY + "\r\n\r\n");
      }
    },
    HANGS_UP {
      @Override
      void answer(Wire wire) throws Exception {
        wire.close();
      }
    },
    IS_SILENT {
      @Override
      void answer(Wire wire) throws Exception {
        wire.awaitClose();
      }
    };

    abstract void answer(Wire wire) throws Exception;
  }

  private static RunningGatehouse gate(ScriptedUpstream upstream, String... more) throws Exception {
    List<String> lines = new ArrayList<>(List.of(more));
    lines.add("add-request-headers: {X-Api-Key: " + CANARY + "}");
    lines.add("identity-headers: {X-User-ID: sub, X-User-Name: name}");
    lines.add("forward-request-headers: [X-Org-*]");
    lines.add("max-body-size: 1KiB");
    lines.add("timeouts: {first-byte: 300ms}");
    return RunningGatehouse.towards(upstream.uri())
        .with("  required-scopes: [chat]")
        .route(lines.toArray(String[]::new))
        .start();
  }

  private static String token(RunningGatehouse gate) {
    return token(gate, claims -> claims.claim("scope", "chat"));
  }

  private static String token(RunningGatehouse gate, Consumer<JWTClaimsSet.Builder> change) {
    return gate.issuer()
        .token(claims ->
            change.accept(
                claims
                    .subject(CANARY)
                    .claim("name", CANARY)
                    .claim("email", CANARY + "@example.com")
                    .claim("other", CANARY)));
  }

  private static Browser loaded(Browser browser) {
    return browser
        .with("Authorization", "Bearer " + CANARY)
        .with("X-Page-Context", context())
        .with("Referer", "https://" + CANARY + ".example/" + CANARY)
        .with("User-Agent", CANARY)
        .with("X-Org-Team", CANARY)
        .with("X-Request-Id", CANARY)
        .with("X-Forwarded-For", CANARY)
        .with("traceparent", CANARY);
  }

  private static String context() {
    return Base64.getUrlEncoder()
        .encodeToString(
            ("{\"url\":\"" + CANARY + "\",\"title\":\"" + CANARY + "\"}")
                .getBytes(StandardCharsets.UTF_8));
  }

  private static String body(String operation) {
    return "{\"type\":\"%s\",\"%s\":\"%s\"}".formatted(operation, CANARY, CANARY);
  }

  private static void assertSilent(LogCapture log, String token) {
    Set<String> secrets = new TreeSet<>(Set.of(token.split("\\.")));
    secrets.addAll(Set.of(CANARY, context()));
    for (String line : log.lines()) {
      for (String secret : secrets) {
        assertFalse(line.contains(secret), () -> secret + " in " + line);
      }
    }
    assertTrue(
        log.lines().stream().anyMatch(line -> line.contains("\"route\":\"" + PATH + "\"")),
        () -> "even the route is not in " + log.lines());
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheUpstreamDoesNothingIsLogged(Upstream behaviour) throws Exception {
    for (String protocol : List.of("chatkit", "json", "raw")) {
      try (LogCapture log = LogCapture.everything();
          ScriptedUpstream upstream =
              ScriptedUpstream.running((_, wire) -> behaviour.answer(wire));
          RunningGatehouse gate = gate(upstream, "protocol: " + protocol)) {
        String token = token(gate);
        try (Wire wire = gate.wire()) {
          wire.send(request(token, body("threads.create")));
          String answer = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
          assertTrue(answer.startsWith("HTTP/1.1 ") || answer.isEmpty(), answer);
        }
        assertEquals(PATH, log.next().get("route"));
        assertEquals(1, upstream.requests().size());
        assertSilent(log, token);
      }
    }
  }

  private static String request(String token, String body) {
    return "POST "
        + PATH
        + "?q="
        + CANARY
        + " HTTP/1.1\r\nHost: "
        + CANARY
        + "\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\nX-Page-Context: "
        + context()
        + "\r\nCookie: other="
        + CANARY
        + "; auth_token="
        + token
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void refusedRequestsAreNeitherLoggedNorEchoed() throws Exception {
    try (LogCapture log = LogCapture.everything();
        ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", CANARY);
        RunningGatehouse gate = gate(upstream, "protocol: json")) {
      Set<String> codes = new TreeSet<>();
      for (Reply reply : refusals(gate)) {
        String text = reply.text();
        assertEquals("application/problem+json", reply.header("Content-Type").orElseThrow());
        assertFalse(text.contains(CANARY), text);
        codes.add(reply.json().get("code").asString());
      }
      assertEquals(
          Set.of(
              "ambiguous-cookie",
              "body-too-large",
              "cross-site-request",
              "insufficient-scope",
              "invalid-token",
              "malformed-json",
              "malformed-page-context",
              "method-not-allowed",
              "not-authenticated",
              "not-found",
              "token-expired",
              "unsupported-media-type"),
          codes);
      assertEquals(List.of(), upstream.requests());
      assertSilent(log, token(gate));
    }
  }

  private static List<Reply> refusals(RunningGatehouse gate) {
    Browser known = loaded(gate.stranger().signedInWith(token(gate)));
    String path = PATH + "?q=" + CANARY;
    String body = body("x");
    RequestBody text = RequestBody.create(CANARY, MediaType.get("text/" + CANARY));
    return List.of(
        known.post("/" + CANARY + "?" + CANARY, body),
        known.send(CANARY.toUpperCase(java.util.Locale.ROOT), path, null),
        known.with("Sec-Fetch-Site", CANARY).post(path, body),
        known.with("Origin", "https://" + CANARY).without("Sec-Fetch-Site").post(path, body),
        known.with("Cookie", CANARY + "=" + CANARY).post(path, body),
        known.with("Cookie", "auth_token=" + CANARY).post(path, body),
        known.with("Cookie", "auth_token=" + CANARY + "." + CANARY + ".x").post(path, body),
        known.with("Cookie", "auth_token=" + CANARY + "; auth_token=1").post(path, body),
        known.signedInWith(token(gate, _ -> {})).post(path, body),
        known
            .signedInWith(token(gate, c -> c.expirationTime(Date.from(Instant.EPOCH))))
            .post(path, body),
        known.with("X-CSRF", "1").post(path, text),
        known.post(path, "\"" + CANARY + "\""),
        known.post(path, "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}"),
        known.post(path, "{\"a\":" + CANARY + "}"),
        known.post(path, "{\"a\":\"" + CANARY.repeat(100) + "\"}"),
        known.with("X-Page-Context", CANARY + "!").post(path, body));
  }
}
