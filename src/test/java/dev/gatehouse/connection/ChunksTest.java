package dev.gatehouse.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Wire;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChunksTest {
  private static final List<Integer> SIZES = List.of(1, 15, 16, 4095, 4096, 4097, 40_000);

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final List<Boolean> follow = new CopyOnWriteArrayList<>();
  private final Semaphore told = new Semaphore(0);

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Answers(follow, told)), "/*");
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private static final class Answers extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient List<Boolean> follow;
    private final transient Semaphore told;

    Answers(List<Boolean> follow, Semaphore told) {
      this.follow = follow;
      this.told = told;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Chunks chunks = Chunks.of(request).orElseThrow();
      follow.add(chunks.follow());
      if (request.getRequestURI().equals("/chunks")) {
        write(chunks, response);
      } else if (request.getRequestURI().equals("/stuck")) {
        writeTwiceAtOnce(chunks, response);
      } else {
        response.setContentLength(2);
        response.getOutputStream().write('a');
        response.flushBuffer();
        follow.add(chunks.follow());
        response.getOutputStream().write('b');
      }
    }

    private void writeTwiceAtOnce(Chunks chunks, HttpServletResponse response) throws IOException {
      response.getOutputStream().write('a');
      response.flushBuffer();
      follow.add(chunks.follow());
      byte[] much = new byte[64 * 1024 * 1024];
      Callback.Completable first = new Callback.Completable();
      chunks.write(ByteBuffer.wrap(much), first);
      Callback.Completable second = new Callback.Completable();
      chunks.write(ByteBuffer.wrap(much, 0, 1), second);
      follow.add(first.isDone());
      follow.add(second.isCompletedExceptionally());
      told.release();
      assertThrows(CompletionException.class, first::join); // the client leaves
    }

    private void write(Chunks chunks, HttpServletResponse response) throws IOException {
      response.flushBuffer();
      follow.add(chunks.follow());
      response.getOutputStream().write('a');
      response.flushBuffer();
      follow.add(chunks.follow());
      long written = 0;
      for (int size : chunks.follow() ? SIZES : List.<Integer>of()) {
        Callback.Completable done = new Callback.Completable();
        byte[] content = "b".repeat(size + 1).getBytes(StandardCharsets.US_ASCII);
        chunks.write(ByteBuffer.wrap(content, 1, size), done);
        done.join();
        written += size;
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> chunks.write(ByteBuffer.allocate(0), Callback.NOOP));
      assertEquals(written, chunks.bytes());
      response.getOutputStream().write('c');
    }
  }

  private static String get(String path, String version) {
    return "GET " + path + " HTTP/" + version + "\r\nHost: localhost\r\n\r\n";
  }

  @Test
  void chunksStandAmongThoseOfTheContainer() throws Exception {
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      for (int i = 0; i < 2; i++) { // the connection goes on as if the container had written all
        wire.send(get("/chunks", "1.1"));
        assertTrue(wire.readHead().contains("Transfer-Encoding: chunked"));
        assertEquals("a", new String(wire.readChunk(), StandardCharsets.US_ASCII));
        for (int size : SIZES) {
          assertEquals("b".repeat(size), new String(wire.readChunk(), StandardCharsets.US_ASCII));
        }
        assertEquals("c", new String(wire.readChunk(), StandardCharsets.US_ASCII));
        assertEquals(0, wire.readChunk().length);
      }
      assertEquals(List.of(false, false, true, false, false, true), follow);
    }
  }

  @Test
  void noneWhereTheAnswerHasALength() throws Exception {
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      wire.send(get("/length", "1.1"));
      assertFalse(wire.readHead().contains("chunked"));
      assertEquals("ab", new String(wire.read(2), StandardCharsets.US_ASCII));
      assertEquals(List.of(false, false), follow);
    }
  }

  @Test
  void noneForAnOldClient() throws Exception {
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      wire.send(get("/chunks", "1.0"));
      assertFalse(wire.readHead().contains("chunked"));
      assertEquals("ac", new String(wire.readToEnd(), StandardCharsets.US_ASCII));
      assertEquals(List.of(false, false, false), follow);
    }
  }

  @Test
  void oneThatComesWhileAnotherIsUnderWayFails() throws Exception {
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      wire.send(get("/stuck", "1.1"));
      assertTrue(told.tryAcquire(20, TimeUnit.SECONDS));
      assertEquals(List.of(false, true, false, true), follow);
      wire.reset();
    }
  }
}
