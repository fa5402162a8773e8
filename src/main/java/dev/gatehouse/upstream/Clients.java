package dev.gatehouse.upstream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.OkHttpClient;

/// The clients of one upstream, alike but for their connections. To find a free connection OkHttp
/// looks through all that a client has, and takes the lock of each, so that with one client each
/// request would cost more the more streams are open. Here it looks through a few.
final class Clients {
  /// Calls that one client makes at a time.
  private static final int CALLS = 16;

  /// Connections that may be idle where calls share one client; apart, of the clients that are
  /// mostly in use together, and of each that is there for a crowd.
  private static final int IDLE = 64;

  private static final int IDLE_OF_OTHERS = 4;
  private static final int IDLE_SECONDS = 60;

  private final OkHttpClient model;
  private final int most;
  private final List<Counted> clients = new CopyOnWriteArrayList<>();
  private final ReentrantLock growing = new ReentrantLock();

  private Clients(OkHttpClient model, int most, int idle) {
    this.model = model;
    this.most = most;
    clients.add(new Counted(model, idle));
  }

  /// Clients with a connection for each call.
  static Clients apart(OkHttpClient model) {
    return new Clients(model, CALLS, CALLS);
  }

  /// One client, whose calls share connections.
  static Clients shared(OkHttpClient model) {
    return new Clients(model, Integer.MAX_VALUE, IDLE);
  }

  /// A place for one more call, at the first client that may make one, so that connections are used
  /// again and those that a crowd needed are idle after it.
  Place enter() {
    for (Counted client : clients) {
      if (client.isVacant(most)) {
        return new Place(client);
      }
    }
    growing.lock();
    try {
      Counted last = clients.getLast();
      if (!last.isVacant(most)) {
        last = new Counted(model, clients.size() < IDLE / CALLS ? CALLS : IDLE_OF_OTHERS);
        clients.add(last);
      }
      return new Place(last);
    } finally {
      growing.unlock();
    }
  }

  /// What a call holds until its connection is free or closed. OkHttp has events for that, but none
  /// where an answer came although its request could not be sent.
  static final class Place implements AutoCloseable {
    private final Counted counted;
    private final AtomicBoolean left = new AtomicBoolean();

    private Place(Counted counted) {
      this.counted = counted;
      counted.calls.incrementAndGet();
    }

    OkHttpClient client() {
      return counted.client;
    }

    @Override
    public void close() {
      if (left.compareAndSet(false, true)) {
        counted.calls.decrementAndGet();
      }
    }
  }

  /// A client, and how many calls it is making.
  private static final class Counted {
    private final OkHttpClient client;
    private final AtomicInteger calls = new AtomicInteger();

    Counted(OkHttpClient model, int idle) {
      this.client = model.newBuilder().connectionPool(PoolUpkeep.pool(idle, IDLE_SECONDS)).build();
    }

    boolean isVacant(int most) {
      return calls.get() < most;
    }
  }
}
