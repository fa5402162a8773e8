package dev.gatehouse.connection;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;

/// The 8 KiB into which Jetty reads a request of HTTP/1.1, and which it holds until that is
/// answered. For a stream that is a long time, and Jetty has no public word to have them given
/// back. The version of Jetty is pinned, and a test sees it work.
final class RequestBuffer {
  private static final MethodHandle RELEASE = release();

  private RequestBuffer() {}

  /// Gives it back to the pool. The request must have been read to its end, and nobody may read on
  /// the connection meanwhile.
  static void release(Connection connection) {
    if (connection instanceof HttpConnection http && http.isRequestBufferEmpty()) {
      try {
        RELEASE.invokeExact(http);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) { // which is what a method handle declares, and this one never throws
        throw new IllegalStateException(e);
      }
    }
  }

  private static MethodHandle release() {
    try {
      return MethodHandles.privateLookupIn(HttpConnection.class, MethodHandles.lookup())
          .findVirtual(
              HttpConnection.class, "releaseRequestBuffer", MethodType.methodType(void.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this is not the Jetty that Gatehouse was built with", e);
    }
  }
}
