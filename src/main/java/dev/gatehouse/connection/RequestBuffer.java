package dev.gatehouse.connection;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;

/// The buffer into which Jetty reads a request of HTTP/1.1, of 8 KiB. Once all has been read Jetty
/// holds it until the request is answered; and in its parser the room of the longest header, a
/// token's mostly. For a stream that is a long time, for a large body 8 KiB are little, and Jetty
/// has no public word to have the buffer given back. The version of Jetty is pinned, and a test
/// sees it work.
public final class RequestBuffer {
  /// Bytes it has where nobody says otherwise.
  public static final int USUAL = 8 * 1024;

  private static final MethodHandle RELEASE = release();
  private static final VarHandle PARSED_TEXT = parsedText();

  private RequestBuffer() {}

  /// Has it given back. The request must have been read to its end, and nobody may read on the
  /// connection meanwhile.
  static void release(Connection connection) {
    if (connection instanceof HttpConnection http && http.isRequestBufferEmpty()) {
      giveBack(http);
      StringBuilder text = longestHeader(http);
      text.setLength(0);
      text.trimToSize();
    }
  }

  /// Has more of a request's body read into a buffer of another size. Only who reads that body may
  /// ask for it, between one read and the next.
  ///
  /// @param bytes no more than is left of the body, or else the usual size: who sends more requests
  ///   behind it must not have a large buffer held with them
  public static void resize(Connection connection, int bytes) {
    if (connection instanceof HttpConnection http && http.getInputBufferSize() != bytes) {
      http.setInputBufferSize(bytes);
      if (http.isRequestBufferEmpty()) {
        giveBack(http);
      }
    }
  }

  private static void giveBack(HttpConnection connection) {
    try {
      RELEASE.invokeExact(connection);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // which is what a method handle declares, and this one never throws
      throw new IllegalStateException(e);
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
