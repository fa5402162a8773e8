package dev.gatehouse.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RequestBufferTest {
  private static final String LONG = "a".repeat(1000);

  private final ArrayByteBufferPool pool = new ArrayByteBufferPool();
  private final Server server = new Server(null, null, pool);
  private final ServerConnector connector = new ServerConnector(server);

  private long inUse() {
    return pool.getDirectByteBufferCount() - pool.getAvailableDirectByteBufferCount();
  }

  /// How long a text the parser has room for.
  private static int room(Connection connection) {
    return RequestBuffer.longestHeader((HttpConnection) connection).capacity();
  }

  @BeforeEach
  void listen() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private interface Reader {
    void read(Request request) throws Exception;
  }

  /// Answers each request once it has been read.
  private void serve(Reader reader) throws Exception {
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            reader.read(request);
            callback.succeeded();
            return true;
          }
        });
    server.start();
  }

  @Test
  void requestsBufferGoesBackToThePoolAndTheConnectionGoesOn() throws Exception {
    List<Long> released = new ArrayList<>();
    serve(request -> {
      assertEquals("{}", Content.Source.asString(request));
      Connection connection = request.getConnectionMetaData().getConnection();
      long before = inUse();
      assertTrue(room(connection) >= LONG.length(), "nothing to give back");
      RequestBuffer.release(connection);
      RequestBuffer.release(connection); // as good as once
      released.add(before - inUse());
      assertEquals(0, room(connection));
    });
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      for (int i = 0; i < 3; i++) {
        wire.send(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-A: %s\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(LONG));
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      }
      assertEquals(List.of(1L, 1L), released.subList(1, 3)); // the first is new, and not counted
    }
  }

  @Test
  void bodyIsReadInPiecesOfTheSizeThatWasAskedFor() throws Exception {
    int large = 28 * 1024;
    Semaphore sent = new Semaphore(0);
    List<Integer> pieces = new CopyOnWriteArrayList<>();
    serve(request -> {
      assertTrue(sent.tryAcquire(20, TimeUnit.SECONDS));
      Connection connection = request.getConnectionMetaData().getConnection();
      Content.Chunk chunk = request.read();
      RequestBuffer.resize(connection, large);
      while (!chunk.isLast()) {
        pieces.add(chunk.remaining());
        chunk.release();
        chunk = request.read();
        RequestBuffer.resize(connection, RequestBuffer.USUAL);
      }
      pieces.add(chunk.remaining());
      chunk.release();
    });
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      for (int i = 0; i < 3; i++) {
        pieces.clear();
        wire.send(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
                + "x".repeat(60_000));
        sent.release();
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
        assertEquals(60_000, pieces.stream().mapToInt(Integer::intValue).sum());
        assertEquals(
            List.of(large), pieces.stream().filter(piece -> piece > RequestBuffer.USUAL).toList());
      }
    }
  }
}
