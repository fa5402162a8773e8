package dev.gatehouse.upstream;

import java.util.Optional;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/// A request with nothing left to decide.
record UpstreamRequest(String method, HttpUrl url, Headers headers, Optional<OutboundBody> body) {

  /// Without its headers, which hold the token.
  @Override
  public String toString() {
    return "UpstreamRequest[" + method + "]";
  }
}
