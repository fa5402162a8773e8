package dev.gatehouse.upstream;

import dev.gatehouse.config.HttpVersion;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.internal.http2.Http2Connection;
import okhttp3.internal.http2.Settings;

/// Lets a request out on an HTTP/2 connection only once both sides know each other's limits, and
/// only within them.
///
/// OkHttp grants every stream 16 MiB, and opens streams before it knows how many the server takes.
/// So the first request on a connection sets a smaller window and sends a PING after it, and all
/// requests there wait for its answer: the server has then read the one limit and sent the other
/// (RFC 9113 sections 6.5.3 and 6.7). Until a request has its place on a connection no other looks
/// for one, so that a crowd shares few connections instead of opening one each.
final class StreamAdmission implements Interceptor {
  /// Bytes that a server may send ahead of what the browser has taken, per stream.
  private static final int STREAM_WINDOW = 96 * 1024;

  private static final long LOOK_EVERY_MILLIS = 100;

  private final Duration limit;
  private final Map<Connection, Agreement> agreements =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean shares;

  /// @param limit for the turn, and again for a server to answer the PING; zero is none
  StreamAdmission(HttpVersion version, Duration limit) {
    this.shares = version == HttpVersion.HTTP_2;
    this.limit = limit;
  }

  static boolean isHttp2(Connection connection) {
    Protocol protocol = connection.protocol();
    return protocol == Protocol.HTTP_2 || protocol == Protocol.H2_PRIOR_KNOWLEDGE;
  }

  /// Waits until no other call looks for a connection.
  ///
  /// @param cancelled asked now and then whether to give up
  void awaitTurn(BooleanSupplier cancelled) throws IOException {
    Patience patience = new Patience(limit, cancelled);
    while (shares && !turn.isHeldByCurrentThread()) {
      try {
        if (turn.tryLock(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      patience.check();
    }
  }

  /// Lets the next call look for a connection, if it was this one's turn.
  void endTurn() {
    if (turn.isHeldByCurrentThread()) {
      turn.unlock();
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = Objects.requireNonNull(chain.connection());
    if (isHttp2(connection)) {
      agreement(connection).await(new Patience(limit, chain.call()::isCanceled));
    } else {
      shares = false; // a server that has no HTTP/2 is given its connections all at once
    }
    endTurn();
    return chain.proceed(chain.request());
  }

  private Agreement agreement(Connection connection) throws IOException {
    Agreement fresh = new Agreement(connection);
    Agreement known = agreements.putIfAbsent(connection, fresh);
    if (known != null) {
      return known;
    }
    fresh.start();
    return fresh;
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", cause);
  }

  /// How long a call waits, and for what else it stops.
  private static final class Patience {
    private final long start = System.nanoTime();
    private final Duration limit;
    private final BooleanSupplier cancelled;

    Patience(Duration limit, BooleanSupplier cancelled) {
      this.limit = limit;
      this.cancelled = cancelled;
    }

    void check() throws IOException {
      if (cancelled.getAsBoolean()) {
        throw new IOException("cancelled");
      }
      if (limit.isPositive() && System.nanoTime() - start > limit.toNanos()) {
        throw new SocketTimeoutException("the server does not answer");
      }
    }
  }

  /// What both sides of one connection have to say before its first stream.
  private static final class Agreement {
    private final Connection connection;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final Thread asking = Thread.ofVirtual().name("gatehouse-http2").unstarted(this::ask);

    Agreement(Connection connection) {
      this.connection = connection;
    }

    void start() throws IOException {
      try {
        RealConnections.http2(connection)
            .setSettings(new Settings().set(Settings.INITIAL_WINDOW_SIZE, STREAM_WINDOW));
        asking.start();
      } catch (IOException e) {
        connection.socket().close();
        throw e;
      }
    }

    /// OkHttp's own wait for the answer has no limit, and takes note of the server's limits only a
    /// little later.
    private void ask() {
      Http2Connection http2 = RealConnections.http2(connection);
      try {
        http2.writePingAndAwaitPong();
        while (http2.getPeerSettings() == Http2Connection.Companion.getDEFAULT_SETTINGS()) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        RealConnections.limitStreams(connection);
        reached.countDown();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    /// @throws NotSentException if the connection is lost before it is reached
    void await(Patience patience) throws IOException {
      try {
        while (!reached.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          if (!RealConnections.http2(connection).isHealthy(System.nanoTime())) {
            throw new NotSentException("the connection was closed before its first stream");
          }
          patience.check();
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      } catch (IOException e) {
        asking.interrupt();
        connection.socket().close();
        throw e;
      }
    }
  }
}
