package dev.gatehouse.ops;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whether the gate still takes requests, and how many are under way.
public final class Drain {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private volatile boolean draining;
  private int underWay;

  /// From now on new requests are turned away.
  public void begin() {
    draining = true;
  }

  /// Whether new requests are turned away.
  public boolean draining() {
    return draining;
  }

  /// Waits until no request is under way.
  ///
  /// @return false if some still are after this long
  /// @throws InterruptedException if the waiting thread is interrupted
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (underWay > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
      return underWay == 0;
    } finally {
      lock.unlock();
    }
  }

  void enter() {
    lock.lock();
    try {
      underWay++;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      underWay--;
      if (underWay == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
