package dev.gatehouse.upstream;

import java.util.Objects;
import okhttp3.Request;

/// What goes along with one request on its way through OkHttp, as its tag.
record Companions(ConnectClock connectClock, Arrival arrival, PassingHeaders headers) {
  static Companions of(Request request) {
    return Objects.requireNonNull(request.tag(Companions.class));
  }
}
