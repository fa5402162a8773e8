package dev.gatehouse.upstream;

import okhttp3.Headers;
import okhttp3.HttpUrl;

/// The head of a request, with nothing left to decide.
public record UpstreamRequest(String method, HttpUrl url, Headers headers) {

  /// Without its headers, which hold the token.
  @Override
  public String toString() {
    return "UpstreamRequest[" + method + "]";
  }
}
