package dev.gatehouse.agent.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// What the container answers where no servlet was reached, or one failed: a [Refusal] like all
/// others.
public final class RefusalHandler extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Refusal refusal = Refusal.byContainer(response.getStatus());
    response.setStatus(refusal.status());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Refusal.CONTENT_TYPE);
    response.write(true, ByteBuffer.wrap(refusal.body()), callback);
    return true;
  }
}
