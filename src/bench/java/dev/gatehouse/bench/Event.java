package dev.gatehouse.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// Events that say when they were sent.
final class Event {
  private static final byte[] TIME = "\"sent\":".getBytes(StandardCharsets.US_ASCII);
  private static final String PADDING = "word ".repeat(8);

  private Event() {}

  /// @param nanos the time of [System#nanoTime]
  static byte[] at(long number, long nanos) {
    String text =
        "data: {\"type\":\"delta\",\"n\":"
            + number
            + ",\"sent\":"
            + nanos
            + ",\"text\":\""
            + PADDING
            + "\"}\n\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Hands over the times in a piece of a stream. One that is cut in two is left out.
  static void times(ByteBuffer part, LongConsumer times) {
    int end = part.limit() - TIME.length;
    for (int i = part.position(); i < end; i++) {
      if (part.get(i) == '"' && isTime(part, i)) {
        i = time(part, i + TIME.length, times);
      }
    }
  }

  private static boolean isTime(ByteBuffer part, int at) {
    for (int i = 1; i < TIME.length; i++) {
      if (part.get(at + i) != TIME[i]) {
        return false;
      }
    }
    return true;
  }

  private static int time(ByteBuffer part, int from, LongConsumer times) {
    long nanos = 0;
    for (int i = from; i < part.limit(); i++) {
      byte digit = part.get(i);
      if (digit < '0' || digit > '9') {
        times.accept(nanos);
        return i;
      }
      nanos = 10 * nanos + digit - '0';
    }
    return part.limit();
  }
}
