package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RelayTest {
  private static final String CONTEXT = "{\"url\":\"https://x/y\",\"title\":\"Tëst\"}";

  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((_, wire) ->
          wire.send(
              """
              HTTP/1.1 201 Created\r
              Content-Type: application/json;charset=UTF-8\r
              Content-Length: 8\r
              ETag: "v1"\r
              X-RateLimit-Remaining: 7\r
              Chatkit-Trace: t\r
              X-Org-Unit: u\r
              X-Inner: secret\r
              Set-Cookie: a=b\r
              Set-Cookie: auth_token=stolen\r
              Access-Control-Allow-Origin: *\r
              Clear-Site-Data: "*"\r
              Server: inner\r
              X-Accel-Redirect: /private\r
              Connection: ETag-Hop, keep-alive\r
              ETag-Hop: 1\r
              Location: /chatkit/threads/7?x=1\r
              \r
              {"ok":1}\
              """));
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .route(
                "identity-headers: {X-User-ID: sub, X-User-Name: name}",
                "forward-request-headers: [X-Org-*]",
                "forward-response-headers: [X-Org-*]",
                "add-request-headers: {X-Api-Key: 'k 1'}")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  @Test
  void cookieBecomesBearerToken() throws Exception {
    String token = gate.issuer().tokenFor("user-7");
    Reply reply = gate.stranger().signedInWith(token).post(PATH, Browser.MESSAGE);
    assertEquals(201, reply.status());
    assertEquals("{\"ok\":1}", reply.text());
    Received received = upstream.await();
    assertEquals("POST /chatkit HTTP/1.1", received.line());
    assertEquals(Optional.of("Bearer " + token), received.header("Authorization"));
    assertEquals(List.of(), received.headers("Cookie"));
    assertEquals(1, upstream.requests().size());
  }

  @Test
  void userAndPageAreWrittenIntoTheBody() throws Exception {
    Reply reply =
        gate.browser().with("X-Page-Context", base64(CONTEXT)).post(PATH, Browser.MESSAGE);
    assertEquals(Optional.of("page,user"), reply.header("X-Gatehouse-Context"));
    JsonNode metadata = JsonMapper.shared().readTree(upstream.await().body()).get("metadata");
    assertEquals("user-1", metadata.get("userId").asString());
    assertEquals("user-1", metadata.get("userInfo").get("id").asString());
    assertEquals(JsonMapper.shared().readTree(CONTEXT), metadata.get("pageContext"));
  }

  @Test
  void refererOfAnOwnPageStandsInForPageContext() throws Exception {
    gate.browser().with("Referer", gate.uri() + "/article?id=3#top").post(PATH, Browser.MESSAGE);
    JsonNode page =
        JsonMapper.shared().readTree(upstream.await().body()).get("metadata").get("pageContext");
    assertEquals(gate.uri() + "/article?id=3", page.get("url").asString());
    assertEquals("/article", page.get("path").asString());
  }

  @Test
  void refererOfAnotherSiteDoesNot() throws Exception {
    Reply reply =
        gate.browser().with("Referer", "https://evil.example/").post(PATH, Browser.MESSAGE);
    assertEquals(Optional.of("user"), reply.header("X-Gatehouse-Context"));
    assertFalse(upstream.await().text().contains("pageContext"));
  }

  @Test
  void upstreamGetsExactlyTheHeadersOfTheContract() throws Exception {
    gate.browser()
        .with("Accept", "text/event-stream;q=1")
        .with("Accept-Language", "de")
        .with("Last-Event-ID", "9")
        .with("Idempotency-Key", "i")
        .with("chatkit-frame-instance-id", "f")
        .with("X-Org-Team", "t")
        .with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .with("tracestate", "v=1")
        .with("Origin", gate.uri().toString())
        .with("Referer", gate.uri().toString())
        .with("User-Agent", "canary")
        .with("X-Anything", "canary")
        .with("Range", "bytes=0-1")
        .post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    List<String> names =
        received
            .head()
            .lines()
            .skip(1)
            .filter(l -> !l.isEmpty())
            .map(RelayTest::name)
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "chatkit-frame-instance-id",
            "connection",
            "content-length",
            "content-type",
            "forwarded",
            "host",
            "idempotency-key",
            "last-event-id",
            "traceparent",
            "tracestate",
            "user-agent",
            "via",
            "x-api-key",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-org-team",
            "x-request-id",
            "x-user-id",
            "x-user-name"),
        names);
    assertFalse(received.head().contains("canary"));
    assertEquals(Optional.of("identity"), received.header("Accept-Encoding"));
    assertEquals(Optional.of("text/event-stream;q=1"), received.header("Accept"));
    assertEquals(Optional.of("user-1"), received.header("X-User-ID"));
    assertEquals(Optional.of("k 1"), received.header("X-Api-Key"));
  }

  @Test
  void upstreamLearnsOfTheBrowsersSideOfTheGate() throws Exception {
    gate.browser()
        .with("X-Forwarded-For", "6.6.6.6")
        .with("X-Forwarded-Host", "evil.example")
        .with("X-Forwarded-Proto", "https")
        .with("Forwarded", "for=6.6.6.6")
        .post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    String host = gate.uri().getAuthority();
    assertEquals(Optional.of("127.0.0.1"), received.header("X-Forwarded-For"));
    assertEquals(Optional.of(host), received.header("X-Forwarded-Host"));
    assertEquals(Optional.of("http"), received.header("X-Forwarded-Proto"));
    assertEquals(
        Optional.of("for=127.0.0.1;host=\"" + host + "\";proto=http"),
        received.header("Forwarded"));
  }

  @Test
  void invalidTraceContextIsNotHandedOn() throws Exception {
    gate.browser()
        .with("traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01")
        .with("tracestate", "v=1")
        .post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    assertEquals(List.of(), received.headers("traceparent"));
    assertEquals(List.of(), received.headers("tracestate"));
  }

  @Test
  void browserGetsExactlyTheHeadersOfTheContract() {
    Reply reply = gate.browser().post(PATH, Browser.MESSAGE);
    assertEquals(Optional.of("application/json;charset=UTF-8"), reply.header("Content-Type"));
    assertEquals(Optional.of("8"), reply.header("Content-Length"));
    assertEquals(Optional.of("\"v1\""), reply.header("ETag"));
    assertEquals(Optional.of("7"), reply.header("X-RateLimit-Remaining"));
    assertEquals(Optional.of("t"), reply.header("Chatkit-Trace"));
    assertEquals(Optional.of("u"), reply.header("X-Org-Unit"));
    assertEquals(Optional.of(PATH + "/threads/7?x=1"), reply.header("Location"));
    assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
    String policy = reply.header("Content-Security-Policy").orElseThrow();
    assertTrue(policy.startsWith("default-src 'none'; ") && policy.endsWith("; sandbox"), policy);
    assertTrue(reply.header("X-Request-Id").isPresent());
    for (String dropped :
        List.of(
            "Set-Cookie",
            "Access-Control-Allow-Origin",
            "Clear-Site-Data",
            "Server",
            "X-Accel-Redirect",
            "X-Inner",
            "ETag-Hop")) {
      assertEquals(Optional.empty(), reply.header(dropped));
    }
  }

  @Test
  void requestIdIsTheSameOnBothSides() throws Exception {
    Reply reply = gate.browser().with("X-Request-Id", "mine").post(PATH, Browser.MESSAGE);
    assertEquals(reply.header("X-Request-Id"), upstream.await().header("X-Request-Id"));
    assertFalse(reply.header("X-Request-Id").orElseThrow().contains("mine"));
  }

  @Test
  void queryGoesOnAsItIs() throws Exception {
    gate.browser().post(PATH + "?a=1&b=%2Fx&c=+", Browser.MESSAGE);
    assertEquals("POST /chatkit?a=1&b=%2Fx&c=+ HTTP/1.1", upstream.await().line());
  }

  @Test
  void everyLineOfCacheControlArrives() throws Exception {
    try (ScriptedUpstream careful =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    """
                    HTTP/1.1 200 OK\r
                    Cache-Control: private\r
                    Cache-Control: max-age=60\r
                    Content-Length: 0\r
                    \r
                    """));
        RunningGatehouse other = RunningGatehouse.to(careful)) {
      Reply reply = other.browser().post(PATH, Browser.MESSAGE);
      assertEquals(List.of("private", "max-age=60"), reply.headers("Cache-Control"));
    }
  }

  @Test
  void headerTextBeyondAsciiPassesAsItIs() throws Exception {
    String name = "r\u00e9sum\u00e9-\u65e5\u672c";
    String bytes = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    try (ScriptedUpstream other =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    "HTTP/1.1 200 OK\r\nETag: \"" + bytes + "\"\r\nContent-Length: 0\r\n\r\n"));
        RunningGatehouse second = RunningGatehouse.to(other);
        Wire wire = second.wire()) {
      wire.send(
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
              + second.issuer().tokenFor("user-1")
              + "\r\nContent-Type: application/json\r\nLast-Event-ID: "
              + bytes
              + "\r\nContent-Length: 2\r\n\r\n{}");
      assertTrue(wire.readHead().contains("ETag: \"" + bytes + "\""));
      assertEquals(bytes, other.await().header("Last-Event-ID").orElseThrow());
    }
  }

  private static String name(String header) {
    return header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
