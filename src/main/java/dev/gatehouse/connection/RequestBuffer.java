package dev.gatehouse.connection;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;

/// What Jetty holds of a request of HTTP/1.1 until that is answered, though it was read long ago:
/// the 8 KiB into which it reads, and in its parser the room of the longest header, a token's
/// mostly. For a stream that is a long time, and Jetty has no public word to have them given back.
/// The version of Jetty is pinned, and a test sees it work.
final class RequestBuffer {
  private static final MethodHandle RELEASE = release();
  private static final VarHandle PARSED_TEXT = parsedText();

  private RequestBuffer() {}

  /// Has it given back. The request must have been read to its end, and nobody may read on the
  /// connection meanwhile.
  static void release(Connection connection) {
    if (connection instanceof HttpConnection http && http.isRequestBufferEmpty()) {
      try {
        RELEASE.invokeExact(http);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) { // which is what a method handle declares, and this one never throws
        throw new IllegalStateException(e);
      }
      StringBuilder text = longestHeader(http);
      text.setLength(0);
      text.trimToSize();
    }
  }

  /// In which the longest header was read.
  static StringBuilder longestHeader(HttpConnection connection) {
    return (StringBuilder) PARSED_TEXT.get(connection.getParser());
  }

  private static MethodHandle release() {
    try {
      return MethodHandles.privateLookupIn(HttpConnection.class, MethodHandles.lookup())
          .findVirtual(
              HttpConnection.class, "releaseRequestBuffer", MethodType.methodType(void.class));
    } catch (ReflectiveOperationException e) {
      throw otherJetty(e);
    }
  }

  private static VarHandle parsedText() {
    try {
      return MethodHandles.privateLookupIn(HttpParser.class, MethodHandles.lookup())
          .findVarHandle(HttpParser.class, "_string", StringBuilder.class);
    } catch (ReflectiveOperationException e) {
      throw otherJetty(e);
    }
  }

  private static IllegalStateException otherJetty(ReflectiveOperationException cause) {
    return new IllegalStateException("this is not the Jetty that Gatehouse was built with", cause);
  }
}
