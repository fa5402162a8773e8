package dev.gatehouse.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/// W3C Trace Context, taken only where it is valid: one `traceparent`, and `tracestate` only with
/// it.
public record TraceContext(String parent, List<String> state) {
  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern STATE = Pattern.compile("[\\x20-\\x7e]{0,512}");

  public TraceContext {
    state = List.copyOf(state);
  }

  /// What a request says, if it is valid.
  public static Optional<TraceContext> of(HttpServletRequest request) {
    List<String> parents = Collections.list(request.getHeaders("traceparent"));
    if (parents.size() != 1 || !PARENT.matcher(parents.getFirst()).matches()) {
      return Optional.empty();
    }
    List<String> state = Collections.list(request.getHeaders("tracestate"));
    boolean valid = state.stream().allMatch(value -> STATE.matcher(value).matches());
    return Optional.of(new TraceContext(parents.getFirst(), valid ? state : List.of()));
  }

  /// Hands on both headers.
  public void headers(BiConsumer<String, String> sink) {
    sink.accept("traceparent", parent);
    state.forEach(value -> sink.accept("tracestate", value));
  }
}
