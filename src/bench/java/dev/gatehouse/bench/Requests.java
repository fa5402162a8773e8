package dev.gatehouse.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a page sends: a message with a cookie that holds a token of about 900 bytes.
///
/// @param cookies one for each user who asks
record Requests(List<String> cookies) {
  /// Where the agent is found through every proxy.
  static final String PATH = "/api/chat";

  /// How the name of every user begins.
  static final String SUBJECT = "bench-user-";

  private static final String CONTEXT =
      "eyJ1cmwiOiJodHRwczovL2V4YW1wbGUuY29tL3Nob3AiLCJ0aXRsZSI6IlNob3AifQ==";

  /// A request of one of the users.
  ///
  /// @param query what the agent is to do
  /// @param bytes how long its body is
  byte[] post(int user, String query, int bytes) {
    byte[] body = body(bytes);
    String head =
        """
        POST %s%s HTTP/1.1\r
        Host: 127.0.0.1\r
        Sec-Fetch-Site: same-origin\r
        Accept: text/event-stream, application/json\r
        X-Page-Context: %s\r
        Cookie: auth_token=%s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(
                PATH,
                query.isEmpty() ? "" : "?" + query,
                CONTEXT,
                cookies.get(user % cookies.size()),
                body.length);
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  /// A message of a user to a ChatKit thread, filled up with text.
  private static byte[] body(int bytes) {
    String start =
        "{\"type\":\"threads.add_user_message\",\"params\":{\"thread_id\":\"thr_1\",\"input\":{"
            + "\"content\":[{\"type\":\"input_text\",\"text\":\"";
    String end =
        "\"}],\"quoted_text\":null,\"attachments\":[],\"inference_options\":{}}},\"metadata\":{}}";
    String text = "A few words, \\\"quoted\\\" and not. ";
    int left = Math.max(0, bytes - start.length() - end.length());
    String filling = text.repeat(left / text.length()) + "x".repeat(left % text.length());
    return (start + filling + end).getBytes(StandardCharsets.US_ASCII);
  }
}
