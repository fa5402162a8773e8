package dev.gatehouse.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;
import java.util.Set;

/// What spans say, in the words of OpenTelemetry's conventions for HTTP where those have one.
final class Words {
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("gatehouse.request_id");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("gatehouse.outcome");
  static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("gatehouse.problem");
  static final String FIRST_BYTE = "first-byte";

  private static final String OTHER = "_OTHER";
  private static final Set<String> UNBROKEN = Set.of("completed", "client-closed", "rejected");

  private Words() {}

  /// Methods are free text on the wire.
  static String method(String text) {
    return switch (text) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY" -> text;
      default -> OTHER;
    };
  }

  /// A method as the name of a span has it.
  static String name(String text) {
    String method = method(text);
    return method.equals(OTHER) ? "HTTP" : method;
  }

  /// Without the brackets of IPv6.
  static String host(URI uri) {
    return uri.getHost().replaceAll("[\\[\\]]", "");
  }

  static int port(URI uri) {
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() == -1 ? standard : uri.getPort();
  }

  /// Whether it is the outcome of an exchange that broke off or was broken off here.
  static boolean isBroken(String outcome) {
    return !UNBROKEN.contains(outcome);
  }

  static void fail(Span span, String type) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(ERROR, type);
  }
}
