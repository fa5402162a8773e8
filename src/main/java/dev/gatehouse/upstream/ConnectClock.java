package dev.gatehouse.upstream;

import dev.gatehouse.stream.Clocks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/// Ends one call that takes too long to get a connection, its TLS handshake included: OkHttp's own
/// limit is for TCP only, and a handshake that is never answered would wait forever.
final class ConnectClock extends EventListener {
  private final Clocks clocks;
  private final Duration limit;
  private Clocks.Alarm alarm = Clocks.Alarm.NEVER;
  private volatile boolean ranOut;

  /// @param limit zero is none
  ConnectClock(Clocks clocks, Duration limit) {
    this.clocks = clocks;
    this.limit = limit;
  }

  /// The clock that goes along with a call's request.
  static EventListener of(Call call) {
    return Companions.of(call.request()).connectClock();
  }

  /// Whether it is why the call failed.
  boolean ranOut() {
    return ranOut;
  }

  @Override
  public synchronized void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    alarm.close();
    alarm = clocks.after(limit, () -> runOut(call));
  }

  @Override
  public synchronized void connectEnd(
      Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
    alarm.close();
  }

  @Override
  public synchronized void connectionAcquired(Call call, Connection connection) {
    alarm.close();
  }

  @Override
  public synchronized void callFailed(Call call, IOException e) {
    alarm.close();
  }

  private void runOut(Call call) {
    ranOut = true;
    call.cancel();
  }
}
