package dev.gatehouse.stream;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the process has file descriptors and memory left for more exchanges. What is open must
/// live on when these run short, so new exchanges are turned away while there is still something
/// left. It looks twice a second, and in between once so many exchanges have begun that they could
/// have used up what was left; never per request.
public final class Headroom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int LEAST_PERCENT = 5;
  private static final long LEAST_DESCRIPTORS = 64;

  /// What open exchanges and files still want does not grow with the limit.
  private static final long ENOUGH_DESCRIPTORS = 512;

  private final Clocks clocks;
  private final Supplier<Sample> source;
  private final ReentrantLock looking = new ReentrantLock();
  private final AtomicLong beforeNextLook = new AtomicLong();
  private volatile Optional<String> shortage = Optional.empty();
  private volatile Clocks.Alarm alarm = Clocks.Alarm.NEVER;
  private volatile boolean closed;

  /// What was left at one moment.
  ///
  /// @param descriptors that may be open; zero where nobody can tell
  /// @param openDescriptors of these, in use
  /// @param heap bytes it may grow to; zero where nobody can tell
  /// @param usedHeap bytes that the last collection left in use
  record Sample(long descriptors, long openDescriptors, long heap, long usedHeap) {
    /// Exchanges that the descriptors suffice for, if each takes two: one to either side.
    long exchanges() {
      return descriptors > 0 ? Math.max(spareDescriptors() / 2, 1) : Long.MAX_VALUE;
    }

    private long spareDescriptors() {
      long least =
          Math.clamp(descriptors * LEAST_PERCENT / 100, LEAST_DESCRIPTORS, ENOUGH_DESCRIPTORS);
      return descriptors - openDescriptors - least;
    }

    /// The word for what is short.
    Optional<String> shortage() {
      if (descriptors > 0 && spareDescriptors() < 0) {
        return Optional.of("descriptors");
      }
      return heap > 0 && heap - usedHeap < heap * LEAST_PERCENT / 100
          ? Optional.of("heap")
          : Optional.empty();
    }
  }

  Headroom(Clocks clocks, Supplier<Sample> source) {
    this.clocks = clocks;
    this.source = source;
    tick();
  }

  /// Of this process.
  public static Headroom ofProcess(Clocks clocks) {
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getCollectionUsage() != null)
            .toList();
    return new Headroom(clocks, () -> sample(pools));
  }

  private static Sample sample(List<MemoryPoolMXBean> pools) {
    long used =
        pools.stream()
            .map(MemoryPoolMXBean::getCollectionUsage)
            .mapToLong(MemoryUsage::getUsed)
            .sum();
    long heap = Runtime.getRuntime().maxMemory();
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new Sample(
            unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount(), heap, used)
        : new Sample(0, 0, heap, used);
  }

  /// Whether there is enough for one more exchange.
  public boolean suffices() {
    return shortage.isEmpty();
  }

  /// The same, for an exchange that begins now.
  public boolean admits() {
    if (beforeNextLook.decrementAndGet() < 0 && suffices() && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return suffices();
  }

  private void tick() {
    looking.lock();
    try {
      look();
    } finally {
      looking.unlock();
      if (!closed) {
        alarm = clocks.after(LOOK_EVERY, this::tick);
      }
    }
  }

  private void look() {
    Optional<String> before = shortage;
    Optional<String> now = sampled();
    shortage = now;
    if (before.isEmpty() && now.isPresent()) {
      LOG.atWarn().addKeyValue("short", now.get()).log("new exchanges are turned away");
    } else if (before.isPresent() && now.isEmpty()) {
      LOG.atInfo().addKeyValue("short", before.get()).log("new exchanges are taken again");
    }
  }

  /// Who can not even look has nothing left: Java counts descriptors by opening one more.
  private Optional<String> sampled() {
    try {
      Sample sample = source.get();
      beforeNextLook.set(sample.exchanges());
      return sample.shortage();
    } catch (OutOfMemoryError _) {
      return Optional.of("heap");
    } catch (InternalError _) {
      return Optional.of("descriptors");
    }
  }

  @Override
  public void close() {
    closed = true;
    alarm.close();
  }
}
