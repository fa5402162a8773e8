package dev.gatehouse.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/// Limits how long a request may take to say what it wants. The container's idle timeout begins
/// anew with every byte, so a client that sends one now and then would hold its connection forever.
///
/// A connection has this long from the moment it was accepted to the end of its first request's
/// headers, the handshake of TLS included; from then on, over HTTP/1.1, every request has it from
/// its first byte. There the clock belongs to the connection, a [PunctualConnection], which answers
/// 408. Before a handshake is over, and over HTTP/2 without any request, nobody could be answered:
/// the connection is closed.
final class HeaderClock implements Connection.Listener, HttpConfiguration.Customizer {
  private final long limit;
  private final Map<EndPoint, Scheduler.Task> silent = new ConcurrentHashMap<>();

  /// @param limit zero is none
  HeaderClock(Duration limit) {
    this.limit = limit.toNanos();
  }

  /// HTTP/1.1 under this clock.
  HttpConnectionFactory http1(HttpConfiguration config) {
    return new HttpConnectionFactory(config) {
      @Override
      public Connection newConnection(Connector connector, EndPoint endPoint) {
        return limit == 0
            ? super.newConnection(connector, endPoint)
            : configure(
                new PunctualConnection(
                    getHttpConfiguration(), connector, endPoint, HeaderClock.this),
                connector,
                endPoint);
      }
    };
  }

  /// Nanoseconds that a request has.
  long limit() {
    return limit;
  }

  /// Nanoseconds that are left since the connection was accepted.
  long left(EndPoint endPoint) {
    long age = System.currentTimeMillis() - bare(endPoint).getCreatedTimeStamp();
    return limit - TimeUnit.MILLISECONDS.toNanos(age);
  }

  /// Leaves the connection to somebody else's care.
  void release(EndPoint endPoint) {
    Scheduler.Task alarm = silent.remove(bare(endPoint));
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /// A connection of TLS or HTTP/2.
  @Override
  public void onOpened(Connection connection) {
    if (limit > 0) {
      silent.computeIfAbsent(bare(connection.getEndPoint()), this::alarm);
    }
  }

  private Scheduler.Task alarm(EndPoint endPoint) {
    return scheduler(endPoint)
        .schedule(
            () -> {
              if (silent.remove(endPoint) != null) {
                endPoint.close();
              }
            },
            Math.max(left(endPoint), 0),
            TimeUnit.NANOSECONDS);
  }

  private static Scheduler scheduler(EndPoint endPoint) {
    return ((IdleTimeout) endPoint).getScheduler();
  }

  @Override
  public void onClosed(Connection connection) {
    release(connection.getEndPoint());
  }

  /// A request of HTTP/2 has come.
  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    release(request.getConnectionMetaData().getConnection().getEndPoint());
    return request;
  }

  /// The connection under TLS.
  private static EndPoint bare(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper wrapper ? bare(wrapper.unwrap()) : endPoint;
  }
}
