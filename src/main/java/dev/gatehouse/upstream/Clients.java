package dev.gatehouse.upstream;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/// The clients of one upstream, alike but for their connections. To find a free connection OkHttp
/// looks through all that a client has, so that with one client each request would cost more the
/// more streams are open. Here it looks through some dozens at most.
final class Clients {
  /// Calls that one client makes at a time.
  private static final int CALLS = 64;

  /// Connections that may be idle, of the client that is always in use and of each that is there
  /// for a crowd.
  private static final int IDLE_OF_FIRST = 64;

  private static final int IDLE_OF_OTHERS = 8;
  private static final int IDLE_SECONDS = 60;

  private final OkHttpClient model;
  private final int most;
  private final List<Counted> clients = new CopyOnWriteArrayList<>();
  private final ReentrantLock growing = new ReentrantLock();

  private Clients(OkHttpClient model, int most) {
    this.model = model;
    this.most = most;
    clients.add(new Counted(model, IDLE_OF_FIRST));
  }

  /// Clients with a connection for each call.
  static Clients apart(OkHttpClient model) {
    return new Clients(model, CALLS);
  }

  /// One client, whose calls share connections.
  static Clients shared(OkHttpClient model) {
    return new Clients(model, Integer.MAX_VALUE);
  }

  /// The client for the next call, which is to be made soon. It is the first that may make one
  /// more, so that connections are used again and those that a crowd needed are idle after it.
  OkHttpClient next() {
    for (Counted client : clients) {
      if (client.isVacant(most)) {
        return client.client;
      }
    }
    growing.lock();
    try {
      Counted last = clients.getLast();
      if (!last.isVacant(most)) {
        last = new Counted(model, IDLE_OF_OTHERS);
        clients.add(last);
      }
      return last.client;
    } finally {
      growing.unlock();
    }
  }

  /// A client that knows how many calls it is making. A call lasts until its answer is read to the
  /// end or closed, which is when its connection is free.
  private static final class Counted extends EventListener {
    private final OkHttpClient client;
    private final AtomicInteger calls = new AtomicInteger();

    Counted(OkHttpClient model, int idle) {
      this.client =
          model
              .newBuilder()
              .connectionPool(PoolUpkeep.pool(idle, IDLE_SECONDS))
              .eventListenerFactory(call -> ConnectClock.of(call).plus(this))
              .build();
    }

    boolean isVacant(int most) {
      return calls.get() < most;
    }

    @Override
    public void callStart(Call call) {
      calls.incrementAndGet();
    }

    @Override
    public void callEnd(Call call) {
      calls.decrementAndGet();
    }

    @Override
    public void callFailed(Call call, IOException failure) {
      calls.decrementAndGet();
    }
  }
}
