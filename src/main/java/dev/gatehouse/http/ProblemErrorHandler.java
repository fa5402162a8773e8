package dev.gatehouse.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// What the container answers where no filter was reached or a servlet only named a status: the
/// same problem documents.
public final class ProblemErrorHandler extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange =
        request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange known ? known : new Exchange();
    request.setAttribute(Exchange.ATTRIBUTE, exchange);
    if (request.getAttribute(ERROR_EXCEPTION) instanceof EofException) {
      response.setStatus(Exchange.CLIENT_CLOSED_REQUEST); // nobody is there to be answered
      callback.succeeded();
      return true;
    }
    Problem problem = problem(response.getStatus());
    exchange.failed(problem.code());
    response.setStatus(problem.code().status());
    response.getHeaders().put(RequestIdFilter.HEADER, exchange.requestId());
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemBody.CONTENT_TYPE);
    if (endsTheConnection(problem.code()) && isHttp1(request)) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    }
    byte[] body = new ProblemBody(problem, exchange.requestId()).bytes();
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  /// Where a request did not end as it should, nobody knows where the next one begins.
  private static boolean endsTheConnection(ProblemCode code) {
    return code == ProblemCode.REQUEST_TIMEOUT || code == ProblemCode.MALFORMED_REQUEST;
  }

  private static boolean isHttp1(Request request) {
    return request.getConnectionMetaData().getHttpVersion().getVersion()
        <= HttpVersion.HTTP_1_1.getVersion();
  }

  private static Problem problem(int status) {
    return switch (status) {
      case 401, 403, 404 -> Problem.of(ProblemCode.NOT_FOUND, "There is nothing here");
      case 405, 501 ->
          Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not take that method");
      case 408 -> Problem.of(ProblemCode.REQUEST_TIMEOUT, "The request did not arrive in time");
      case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than allowed");
      case 414 -> Problem.of(ProblemCode.URI_TOO_LONG, "The request target is too long");
      case 415 ->
          Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "This path does not take that type");
      case 431 -> Problem.of(ProblemCode.HEADERS_TOO_LARGE, "The headers are larger than allowed");
      default ->
          status == 505 || (status >= 400 && status < 500)
              ? Problem.of(ProblemCode.MALFORMED_REQUEST, "The request is not valid HTTP")
              : Problem.of(ProblemCode.INTERNAL_ERROR, "Something went wrong here");
    };
  }
}
