package dev.gatehouse.http;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// The cookies of a request over HTTP/1.1, which are let go before its answer has ended. That may
/// take hours, and a token is half a kilobyte and more that nobody reads again.
public final class PassingCookie extends HttpField {
  private static final String GONE = "";

  private volatile String cookies;

  private PassingCookie(HttpField field) {
    super(field.getHeader(), field.getName(), GONE);
    this.cookies = field.getValue();
  }

  /// What the container is to keep of a header that it has read.
  static HttpField kept(HttpField field) {
    return field.getHeader() == HttpHeader.COOKIE ? new PassingCookie(field) : field;
  }

  @Override
  public String getValue() {
    return cookies;
  }

  /// Whoever asks for the request's cookies afterwards finds them empty.
  public static void letGo(HttpServletRequest request) {
    for (HttpField field : ServletContextRequest.getServletContextRequest(request).getHeaders()) {
      if (field instanceof PassingCookie passing) {
        passing.cookies = GONE;
      }
    }
  }
}
