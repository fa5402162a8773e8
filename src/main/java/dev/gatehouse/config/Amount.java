package dev.gatehouse.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers as the file writes them: durations, sizes, counts and switches.
final class Amount {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})([A-Za-z]*)");
  private static final Map<String, ChronoUnit> TIMES =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
  private static final Duration LONGEST = Duration.ofDays(365);

  private Amount() {}

  static Duration duration(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches() || !TIMES.containsKey(parts.group(2))) {
      throw new InvalidSettingException(
          "must be a duration: a whole number and ms, s, m or h, such as 250ms, 30s, 5m, 0s");
    }
    ChronoUnit unit = TIMES.getOrDefault(parts.group(2), ChronoUnit.SECONDS);
    Duration duration = Duration.of(Long.parseLong(parts.group(1)), unit);
    if (duration.compareTo(LONGEST) > 0) {
      throw new InvalidSettingException("must be at most a year; 0s stands for no limit");
    }
    return duration;
  }

  /// Bytes.
  static long size(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches() || !SIZES.containsKey(parts.group(2))) {
      throw new InvalidSettingException(
          "must be a size: a whole number of bytes, or one with KiB, MiB or GiB, such as 16KiB");
    }
    return Long.parseLong(parts.group(1)) * SIZES.getOrDefault(parts.group(2), 1L);
  }

  /// Bytes of something held in memory.
  static int smallSize(String text) {
    long size = size(text);
    if (size > Integer.MAX_VALUE) {
      throw new InvalidSettingException("must be less than 2GiB");
    }
    return (int) size;
  }

  static int count(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new InvalidSettingException("must be a whole number such as 20");
    }
    return Integer.parseInt(text);
  }

  /// A part of a whole.
  static double share(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw new InvalidSettingException("must be a number from 0 to 1 such as 0.1");
    }
    return Double.parseDouble(text);
  }

  static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new InvalidSettingException("must be true or false");
    };
  }
}
