package dev.gatehouse.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

final class RequestBufferTest {
  private static final String LONG = "a".repeat(1000);

  private static long inUse(ArrayByteBufferPool pool) {
    return pool.getDirectByteBufferCount() - pool.getAvailableDirectByteBufferCount();
  }

  /// How long a text the parser has room for.
  private static int room(Connection connection) {
    return RequestBuffer.longestHeader((HttpConnection) connection).capacity();
  }

  @Test
  void requestsBufferGoesBackToThePoolAndTheConnectionGoesOn() throws Exception {
    ArrayByteBufferPool pool = new ArrayByteBufferPool();
    List<Long> released = new ArrayList<>();
    Server server = new Server(null, null, pool);
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            assertEquals("{}", Content.Source.asString(request));
            Connection connection = request.getConnectionMetaData().getConnection();
            long before = inUse(pool);
            assertTrue(room(connection) >= LONG.length(), "nothing to give back");
            RequestBuffer.release(connection);
            RequestBuffer.release(connection); // as good as once
            released.add(before - inUse(pool));
            assertEquals(0, room(connection));
            callback.succeeded();
            return true;
          }
        });
    server.start();
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      for (int i = 0; i < 3; i++) {
        wire.send(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-A: %s\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(LONG));
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      }
      assertEquals(List.of(1L, 1L), released.subList(1, 3)); // the first is new, and not counted
    } finally {
      server.stop();
    }
  }
}
