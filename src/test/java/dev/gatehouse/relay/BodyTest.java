package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate = RunningGatehouse.towards(upstream.uri()).route("max-body-size: 64KiB").start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  @Test
  void everyByteOutsideMetadataStaysAsItWas() throws Exception {
    String before =
        "\t{ \"type\" :\"threads.create\",\r\n  \"n\":[1.0,1e400,-0,0.10,"
            + "1234567890123456789012345678901234567890 , 1E+2],"
            + "\"esc\":\"\\u00e9\\/\\ud83d\\ude00 é\",\n"
            + "\"unknown\": {\"b\":{},\"a\":[ ]}, \"metadata\" : ";
    String after = " ,\n\"params\":{\"input\":null}  }\n ";
    gate.browser().post(PATH, before + "{\"mine\": 1e0}" + after);
    String received = upstream.await().text();
    assertTrue(received.startsWith(before + "{\"mine\": 1e0"), received);
    assertTrue(received.endsWith("}" + after), received);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"a\":1}}",
        "{\"a\":1} {}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{\"a\":\"\u0001\"}",
        "{\"metadata\":null}",
        "{\"metadata\":[]}",
        "\ufeff{}"
      })
  void fault25MalformedJsonIsRefused(String body) {
    gate.browser().post(PATH, body).assertProblem(ProblemCode.MALFORMED_JSON);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void fault25DeepNestingIsRefused() {
    String deep = "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    gate.browser().post(PATH, deep).assertProblem(ProblemCode.MALFORMED_JSON);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void fault25InvalidUtf8IsRefused() {
    byte[] overlong = {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'};
    RequestBody body = RequestBody.create(overlong, MediaType.get("application/json"));
    gate.browser().post(PATH, body).assertProblem(ProblemCode.MALFORMED_JSON);
    assertEquals(List.of(), upstream.requests());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/jsonx",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded"
      })
  void otherTypesAreRefused(String type) {
    RequestBody body =
        RequestBody.create("{}".getBytes(StandardCharsets.UTF_8), MediaType.get(type));
    gate.browser()
        .with("X-CSRF", "1")
        .post(PATH, body)
        .assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void compressedBodyIsRefused() {
    gate.browser()
        .with("Content-Encoding", "gzip")
        .post(PATH, Browser.MESSAGE)
        .assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
  }

  @Test
  void fault25AnnouncedSizeBeyondTheLimitIsRefused() {
    gate.browser()
        .post(PATH, "{\"a\":\"" + "x".repeat(64 * 1024) + "\"}")
        .assertProblem(ProblemCode.BODY_TOO_LARGE);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void fault25UnannouncedSizeBeyondTheLimitIsRefused() throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send(
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
              + gate.issuer().tokenFor("user-1")
              + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      wire.sendChunk("{\"a\":\"" + "x".repeat(65 * 1024));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 413 "));
    }
    assertEquals(List.of(), upstream.requests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "bm8", "W10", "eyJhIjoxLCJhIjoyfQ", "77u_e30", ""})
  void brokenPageContextIsRefused(String value) {
    gate.browser()
        .with("X-Page-Context", value)
        .post(PATH, Browser.MESSAGE)
        .assertProblem(ProblemCode.MALFORMED_PAGE_CONTEXT);
    assertEquals(List.of(), upstream.requests());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; foo=bar",
        "application/json;",
        "Application/JSON;Charset=UTF-8"
      })
  void typeOfJsonGoesOnToTheLetter(String type) throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send(
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
              + gate.issuer().tokenFor("user-1")
              + "\r\nContent-Type: "
              + type
              + "\r\nContent-Length: 2\r\n\r\n{}");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      assertEquals(type, upstream.await().header("Content-Type").orElseThrow());
    }
  }
}
