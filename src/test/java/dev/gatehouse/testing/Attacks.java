package dev.gatehouse.testing;

import static dev.gatehouse.testing.RunningGatehouse.PATH;

import java.util.List;

/// What attackers send so that two servers read it differently: one table for the tests of the
/// rooms that answer it and for those of the packaged program.
public final class Attacks {
  /// What comes right behind an attack in the same bytes: whole, harmless, and answered only where
  /// the attack was understood.
  public static final String PROBE =
      "GET /bff/user HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  /// A chat that nobody asked for, where a body should be.
  private static final String SMUGGLED = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n";

  private Attacks() {}

  /// Header lines of a request whose length or fields have more than one reading.
  public static List<String> heads() {
    return List.of(
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 2",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2\r\nContent-Length: 2",
        "Content-Length: 2\r\ncontent-length: 0",
        "Content-Length: 2, 3",
        "Content-Length: 2, 2",
        "Content-Length: +2",
        "Content-Length: -2",
        "Content-Length: 0x2",
        "Content-Length: 2 2",
        "Content-Length: 2.0",
        "Content-Length: 2e0",
        "Content-Length: \u00b2",
        "Content-Length: 2\u000b",
        "Content-Length:",
        "Content-Length: canary",
        "Content-Length: 9223372036854775808",
        "Content-Length: 18446744073709551618",
        "Content-Length: 99999999999999999999",
        "Content-Length : 2",
        "Content-Length\u0000: 2",
        " Content-Length: 2",
        "Transfer-Encoding: gzip, canary",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding:",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: chunked\u000b",
        "Transfer-Encoding: \u0000chunked",
        "Transfer-Encoding: chun\rked",
        "Transfer-Encoding: ch\u00fcnked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        "Transfer-Encoding\u000b: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding\r\n : chunked",
        " Transfer-Encoding: chunked",
        "X-A: a\rTransfer-Encoding: chunked",
        "X-A: a\nTransfer-Encoding: chunked\r\nContent-Length: 2",
        "X-A: a\rb",
        "X-A: a\u0000b",
        "X-A: \u007f",
        "Host: canary",
        "Host:",
        "X-Canary\u0000: canary",
        "X Canary: canary",
        "X(Canary): canary",
        "X-Folded: a\r\n canary",
        "X-Folded: a\r\n\tContent-Length: 2",
        ": canary",
        "canary");
  }

  /// Whole requests that are none, or of a kind nobody may send here.
  public static List<String> requests() {
    return List.of(
        "POST " + PATH + " HTTP/1.1\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\r\nHost: a canary\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\r\nHost: user@a\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "POST " + PATH + " HTTP/1.1\nHost: x\n\n",
        "POST " + PATH + " HTTP/1.1\rHost: x\r\r",
        "POST\t" + PATH + "\tHTTP/1.1\r\nHost: x\r\n\r\n",
        " POST " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "PO\tST " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "PO\u0000ST " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST " + PATH + "\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST " + PATH + " canary HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST " + PATH + " HTTP/9.9\r\nHost: x\r\n\r\n",
        "POST " + PATH + " HTTP/2.0\r\nHost: x\r\n\r\n",
        "POST " + PATH + " HTTP/1.10\r\nHost: x\r\n\r\n",
        "POST " + PATH + "\r\n\r\n",
        "GET " + PATH + "\r\n",
        "GET /bff/user HTTP/0.9\r\n\r\n",
        "canary\r\n\r\n");
  }

  /// Header lines of a request with a body of two bytes that have one reading, however they look.
  public static List<String> decoys() {
    return List.of(
        "Content-Length: \t2 ",
        "Content-Length: 2\r\nExpect: 100-continue",
        "Content-Length: 2\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "Content-Length: 2\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Content-Length: 2\r\nConnection: content-length",
        "Content-Length: 2\r\nConnection: cookie, host, content-type",
        "Content-Length: 2\r\nTransfer_Encoding: chunked",
        "Content-Length: 2\r\nX-Transfer-Encoding: chunked",
        "Content-Length: 2\r\nTE: trailers, chunked",
        "Content-Length: 2\r\nTrailer: Authorization, Content-Length",
        "Content-Length: 2\r\nContent_Length: 0",
        "Content-Length: 2\r\nX-Content-Length: 0",
        "Content-Length: 2\r\nKeep-Alive: timeout=0",
        "Content-Length: 2\r\nProxy-Connection: close",
        "Content-Length: 2\r\nRange: bytes=0-0",
        "Content-Length: 2\r\nMax-Forwards: 0");
  }

  /// Bodies that are not chunked to the letter.
  public static List<String> chunks() {
    return List.of(
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        " 2\r\n{}\r\n0\r\n\r\n",
        "2_0\r\n{}\r\n0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}0\r\n\r\n",
        "2\r\n{} \r\n0\r\n\r\n",
        "2\r\n{}XX0\r\n\r\n" + SMUGGLED,
        "1\r\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n",
        "2\r\n{}\n0\r\n\r\n",
        "2\r{}\r\n0\r\n\r\n",
        "2;\r\n{}\r\n0\r\n\r\n",
        "2;=x\r\n{}\r\n0\r\n\r\n",
        "2;a=\"x\r\n{}\r\n0\r\n\r\n",
        "2;a=\"\r\n{}\r\n0\r\n\r\n" + SMUGGLED + "\"\r\n{}\r\n0\r\n\r\n",
        "2;a=\"x\ny\"\r\n{}\r\n0\r\n\r\n",
        "2;a\nX\r\n{}\r\n0\r\n\r\n" + SMUGGLED,
        "2;a\rX\r\n{}\r\n0\r\n\r\n" + SMUGGLED,
        "2;a\u0000\r\n{}\r\n0\r\n\r\n",
        "10000000000000002\r\n{}\r\n0\r\n\r\n",
        "11111111111111111\r\n{}\r\n0\r\n\r\n",
        "8000000000000000\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffe\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}\r\n0\r\nX Y: z\r\n\r\n",
        "2\r\n{}\r\n0\r\n Folded: z\r\n\r\n",
        "2\r\n{}\r\n0\r\nX: a\u0000\r\n\r\n");
  }

  /// Trailers that claim what only headers may say, each behind a sound body.
  public static List<String> trailers() {
    return List.of(
        "Authorization: Bearer forged",
        "Cookie: auth_token=forged",
        "X-User-ID: forged",
        "Content-Length: 99",
        "Transfer-Encoding: identity",
        "Host: forged",
        "X-Csrf: forged");
  }

  /// Targets that some server on the way could read as another path. `/api/files/*` is a route.
  public static List<String> targets() {
    return List.of(
        "/api/filesystem",
        "/api/files2/a",
        "/API/files/a",
        "/api/Files/a",
        "/api/files/../files/a",
        "/api/../api/files/a",
        "/api/./files/a",
        "/api/x/../files/a",
        "/api/%2e%2e/api/files/a",
        "/api/fil%65s/a",
        "/api%2ffiles/a",
        "/api%2Ffiles%2Fa",
        "//api/files/a",
        "/api//files/a",
        "/api;p=1/files/a",
        "/api/files;p=1/a",
        "/api/files;p=1",
        "/api\\files\\a",
        "/api/files/..",
        "/api/files/.",
        "/api/files./a",
        "/api/files/./a",
        "/api/files/a/..",
        "/api/files/a/../b",
        "/api/files/../../admin",
        "/api/files/%2e%2e/admin",
        "/api/files/%2E%2e/admin",
        "/api/files/.%2e/admin",
        "/api/files/%252e%252e/admin",
        "/api/files/%c0%ae%c0%ae/admin",
        "/api/files/%c0%afadmin",
        "/api/files/%e0%80%afadmin",
        "/api/files/%ff",
        "/api/files/a%2fb",
        "/api/files/a%2Fb",
        "/api/files/a%252fb",
        "/api/files/a%5cb",
        "/api/files/a\\b",
        "/api/files//a",
        "/api/files/a//b",
        "/api/files/a;p=1",
        "/api/files/..;/admin",
        "/api/files/a%3bb",
        "/api/files/a%00",
        "/api/files/a%0d%0aX:y",
        "/api/files/a%7f",
        "/api/files/a%zz",
        "/api/files/a%u0041",
        "/api/files/a%",
        "/api/files/a#b",
        "/api/files/\u00e9",
        "/bff/..;/api/files/a",
        "/bff/%2e%2e/api/files/a",
        "/bff/user/../../api/files/a",
        "/?/api/files/a",
        "?/api/files/a",
        "http://evil.example/api/files/a",
        "https://evil.example/api/files/a",
        "http://user@evil.example/api/files/a",
        "http://user:pass@127.0.0.1/api/files/a",
        "file:///api/files/a",
        "user@evil.example:443",
        "evil.example:443",
        "*",
        "api/files/a");
  }

  /// Spellings in which a server that folds them would read the header `X-User-ID`.
  public static List<String> identitySpellings() {
    return List.of(
        "X-User-ID", "x-user-id", "X_User_ID", "X-User_ID", "X.User.ID", "x-USER.id", "X-USER-ID");
  }

  /// Headers that a client may name in `Connection` although the agent has to get them.
  public static List<String> nominations() {
    return List.of("Authorization", "authorization", "X-User-ID", "X-Request-Id", "Via");
  }

  /// Headers by which some servers let a request be another than its first line says.
  public static List<String> overrides() {
    return List.of(
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Original-URL",
        "X-Original-URI",
        "X-Rewrite-URL",
        "X-Forwarded-Uri",
        "X-Forwarded-Prefix",
        "X-Forwarded-Method",
        "X-Auth-Request-User",
        "X-Forwarded-User",
        "X-Remote-User");
  }

  /// What monitors call themselves, which some gates let in without a token.
  public static List<String> monitors() {
    return List.of(
        "kube-probe/1.31",
        "GoogleHC/1.0",
        "ELB-HealthChecker/2.0",
        "Amazon-Route53-Health-Check-Service",
        "Consul Health Check",
        "Envoy/HC",
        "Prometheus/3.0",
        "Blackbox Exporter/0.25");
  }
}
