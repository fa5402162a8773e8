package dev.gatehouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a program and its children have taken so far, by the system's own account (proc(5)).
final class Cost {
  /// Of the clock that the system counts processor time with.
  private static final double TICKS_PER_SECOND = 100;

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");

  private final ProcessHandle root;

  Cost(ProcessHandle root) {
    this.root = root;
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  /// Processor time, in seconds.
  double seconds() {
    double ticks = 0;
    for (ProcessHandle process : all()) {
      String stat = read(process, "stat");
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /// Memory that is resident, in kilobytes; what processes share counts for each.
  long residentKilobytes() {
    long kilobytes = 0;
    for (ProcessHandle process : all()) {
      Matcher resident = RESIDENT.matcher(read(process, "status"));
      kilobytes += resident.find() ? Long.parseLong(resident.group(1)) : 0;
    }
    return kilobytes;
  }

  private static String read(ProcessHandle process, String name) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
