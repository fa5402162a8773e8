package dev.gatehouse.upstream;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;

/// The headers of an answer, and its body as it arrives.
public final class UpstreamResponse implements AutoCloseable {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final Response response;
  private final BufferedSource source;
  private final ResponseHeaders rules;

  private UpstreamResponse(Response response, ResponseHeaders rules) {
    this.response = response;
    this.source = response.body().source();
    this.rules = rules;
  }

  /// @throws dev.gatehouse.http.ProblemException if the length of the answer is ambiguous (RFC 9112
  ///   section 6.3)
  static UpstreamResponse of(Response response, ResponseHeaders rules) {
    if (response.code() == SWITCHING_PROTOCOLS || !isFramedOnce(response.headers())) {
      response.close();
      throw Problem.of(
              ProblemCode.UPSTREAM_PROTOCOL_ERROR,
              "The agent server's answer has no single length, or is none")
          .exception();
    }
    return new UpstreamResponse(response, rules);
  }

  private static boolean isFramedOnce(Headers headers) {
    List<String> lengths = headers.values("Content-Length");
    List<String> codings = headers.values("Transfer-Encoding");
    if (!codings.isEmpty()) {
      return lengths.isEmpty()
          && codings.size() == 1
          && "chunked".equalsIgnoreCase(codings.getFirst());
    }
    return Set.copyOf(lengths).size() <= 1 && lengths.stream().allMatch(LENGTH.asMatchPredicate());
  }

  /// The upstream's status.
  public int status() {
    return response.code();
  }

  /// Hands on the headers that may pass.
  public void headers(BiConsumer<String, String> sink) {
    rules.copy(response.headers(), sink);
  }

  /// The `Content-Length` the upstream promised, if it did.
  public OptionalLong length() {
    String length = response.header("Content-Length");
    return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
  }

  /// Whether the body is an event stream.
  public boolean isEventStream() {
    String type = response.header("Content-Type", "");
    return type != null && HeaderNames.lower(type).startsWith("text/event-stream");
  }

  /// Whether the body is an event stream that a line can be put into: of no set length and plain.
  public boolean isOpenEventStream() {
    return isEventStream() && length().isEmpty() && response.header("Content-Encoding") == null;
  }

  /// Waits for bytes and takes what is there.
  ///
  /// @return how many, or -1 after a complete answer
  /// @throws IOException if the answer broke off
  public int read(byte[] buffer) throws IOException {
    return source.read(buffer);
  }

  @Override
  public void close() {
    response.close();
  }
}
