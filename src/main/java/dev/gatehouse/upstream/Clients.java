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

  /// Clients that are mostly in use, and the connections that may be idle of each of them, and of
  /// each that is there for a crowd.
  private static final int IN_USE = 4;

  private static final int IDLE_OF_FIRST = CALLS;
  private static final int IDLE_OF_OTHERS = 2;
  private static final int IDLE_SECONDS = 60;

  private final OkHttpClient model;
  private final int most;
  private final List<Counted> clients = new CopyOnWriteArrayList<>();
  private final ReentrantLock growing = new ReentrantLock();

  /// Where to begin to look. Mostly the first that has room; that some before it may have some too
  /// is found out before there is one more.
  private final AtomicInteger likely = new AtomicInteger();

  private Clients(OkHttpClient model, int most) {
    this.model = model;
    this.most = most;
  }

  /// Clients with a connection for each call.
  static Clients apart(OkHttpClient model) {
    return new Clients(model, CALLS);
  }

  /// One client, whose calls share connections.
  static Clients shared(OkHttpClient model) {
    return new Clients(model, Integer.MAX_VALUE);
  }

  /// A place for one more call, at the first client that may make one, so that connections are used
  /// again and those that a crowd needed are idle after it.
  Place enter() {
    int from = likely.get();
    int found = firstVacant(from);
    if (found < clients.size()) {
      likely.compareAndSet(from, found);
      return new Place(clients.get(found));
    }
    growing.lock();
    try {
      int first = firstVacant(0);
      if (first == clients.size()) {
        clients.add(new Counted(first));
      }
      likely.set(first);
      return new Place(clients.get(first));
    } finally {
      growing.unlock();
    }
  }

  /// The index of the first client from this one on that may make a call, or how many there are.
  private int firstVacant(int from) {
    int at = from;
    while (at < clients.size() && clients.get(at).calls.get() >= most) {
      at++;
    }
    return at;
  }

  /// What a call holds until its connection is free or closed. OkHttp has events for that, but none
  /// where an answer came although its request could not be sent.
  final class Place implements AutoCloseable {
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
        if (counted.index < likely.get()) {
          likely.accumulateAndGet(counted.index, Math::min);
        }
      }
    }
  }

  /// A client, and how many calls it is making.
  private final class Counted {
    private final int index;
    private final OkHttpClient client;
    private final AtomicInteger calls = new AtomicInteger();

    Counted(int index) {
      this.index = index;
      int idle = index < IN_USE ? IDLE_OF_FIRST : IDLE_OF_OTHERS;
      this.client = model.newBuilder().connectionPool(PoolUpkeep.pool(idle, IDLE_SECONDS)).build();
    }
  }
}
