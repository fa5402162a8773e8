package dev.gatehouse.load;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this process holds, gate and test together.
///
/// @param threads of the platform, without those that a pool keeps for its next task
/// @param requests virtual threads of the gate, each of which serves somebody
/// @param heap bytes in use after a collection
record Footprint(long descriptors, int threads, long requests, long heap) {

  static Footprint now() throws IOException {
    return new Footprint(descriptorsNow(), threadsNow(), requestsNow(), heapNow());
  }

  static long descriptorsNow() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }

  static int threadsNow() {
    return threadNames().values().stream().mapToInt(Integer::intValue).sum();
  }

  /// The same by name, without their numbers.
  static Map<String, Integer> threadNames() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> !isSpare(thread.getKey().getName(), thread.getValue()))
        .map(thread -> thread.getKey().getName().replaceAll("[0-9]+", "*"))
        .collect(Collectors.toMap(name -> name, _ -> 1, Integer::sum, TreeMap::new));
  }

  /// Pools grow with a burst and shrink by a thread a minute; OkHttp's is shared with browsers.
  private static boolean isSpare(String name, StackTraceElement[] stack) {
    return name.startsWith("OkHttp")
        || Stream.of(stack)
            .map(StackTraceElement::getMethodName)
            .anyMatch(Set.of("idleJobPoll", "reservedWait")::contains);
  }

  static long requestsNow() throws IOException {
    Path folder = Files.createTempDirectory("gatehouse");
    Path dump = folder.resolve("threads");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      try (Stream<String> lines = Files.lines(dump)) {
        return lines.filter(line -> line.matches("#\\d+ \"gatehouse-\\d+\" virtual.*")).count();
      }
    } finally {
      Files.deleteIfExists(dump);
      Files.delete(folder);
    }
  }

  /// The least of some, since every collection leaves something to the next.
  static long heapNow() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
