package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.StoreFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what a crash or a full disk left behind: at the start, and every hour.
final class Sweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final Duration OLD = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Cabinet cabinet;
  private final Attachments attachments;
  private final InstantSource clock;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("attachment-sweep").unstarted(this::run);

  Sweep(Cabinet cabinet, Attachments attachments, InstantSource clock) {
    this.cabinet = cabinet;
    this.attachments = attachments;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  /// Waits for a round that is on its way. It is not interrupted, because a store may close its
  /// file when that happens.
  @Override
  public void close() {
    over.countDown();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Once around.
  void once() throws IOException {
    // In this order: what is here was noted before it came, so it is rubbish if the notes, read
    // later, do not have it.
    List<String> here = cabinet.ids();
    Set<String> noted = new HashSet<>(attachments.ids());
    for (String id : here) {
      if (!noted.contains(id)) {
        cabinet.delete(id);
      }
    }
    try (Stream<Path> files = Files.list(cabinet.arriving())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        deleteIfOld(file);
      }
    }
  }

  private void run() {
    try {
      do {
        attempt();
      } while (!over.await(1, TimeUnit.HOURS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() {
    try {
      once();
    } catch (IOException | UncheckedIOException | StoreFailure e) {
      LOG.warn("the attachments were not swept: {}", e.toString());
    }
  }

  private void deleteIfOld(Path file) throws IOException {
    try {
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      if (changed.isBefore(clock.instant().minus(OLD))) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // It arrived in the meantime.
    }
  }
}
