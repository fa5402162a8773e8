package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/// Any bytes as an event stream, in reads of any size: both readers agree with the HTML standard
/// (9.2.6), and what is said between two events changes none of them.
public final class EventStreamFuzz {
  private static final String LAST = "[DONE]";
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYTE_ORDER_MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

  private EventStreamFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    lastEventIsSeen(input);
    boundariesAreSeen(input);
  }

  private static void lastEventIsSeen(byte[] input) throws IOException {
    boolean expected = events(input).contains(LAST);
    Random cuts = new Random(Arrays.hashCode(input));
    assertEquals(expected, isWhole(input, () -> 1));
    assertEquals(expected, isWhole(input, () -> 8192));
    assertEquals(expected, isWhole(input, () -> 1 + cuts.nextInt(9)));
  }

  private static boolean isWhole(byte[] input, IntSupplier size) throws IOException {
    LastEventCheck check = new LastEventCheck(new Pieces(input, size), LAST::equals);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Pieces.copy(check, out);
      return true;
    } catch (EOFException _) {
      return false;
    } finally {
      assertArrayEquals(input, out.toByteArray());
    }
  }

  private static void boundariesAreSeen(byte[] input) {
    boolean marked = startsWithMark(input);
    List<String> undisturbed = events(input);
    EventBoundary bytewise = new EventBoundary();
    int spoken = 0;
    for (int at = 0; at <= input.length; at++) {
      EventBoundary atOnce = new EventBoundary();
      if (at % 64 == 0 || at == input.length) {
        atOnce.advance(ByteBuffer.wrap(input, 0, at));
        assertEquals(bytewise.isBetweenEvents(), atOnce.isBetweenEvents());
      }
      // After a mark alone nothing should be said; before it nobody can know that it comes.
      if (!marked || at > BYTE_ORDER_MARK.length + 2) {
        assertEquals(isBetween(input, at), bytewise.isBetweenEvents());
        if (bytewise.isBetweenEvents() && spoken++ < 8) {
          assertEquals(undisturbed, events(interrupted(input, at)));
        }
      }
      if (at < input.length) {
        bytewise.advance(ByteBuffer.wrap(input, at, 1));
      }
    }
  }

  private static boolean startsWithMark(byte[] input) {
    return input.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(input, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3);
  }

  private static byte[] interrupted(byte[] input, int at) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, at);
    out.writeBytes(HEARTBEAT);
    out.write(input, at, input.length - at);
    return out.toByteArray();
  }

  /// Whether an empty line just ended, or nothing ever came, and no LF can belong to it any more.
  private static boolean isBetween(byte[] input, int at) {
    if (at == 0) {
      return true;
    }
    if (input[at - 1] != '\n') {
      return false;
    }
    int lineEnd = at > 1 && input[at - 2] == '\r' ? at - 2 : at - 1;
    return lineEnd == 0 || input[lineEnd - 1] == '\n' || input[lineEnd - 1] == '\r';
  }

  /// The data of all events, as the standard has it.
  private static List<String> events(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String stream = startsWithMark(input) ? text.substring(1) : text;
    String[] lines = stream.split("\r\n|\n|\r", -1);
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    // What stands behind the last line end is no line.
    for (String line : List.of(lines).subList(0, lines.length - 1)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(data.substring(0, data.length() - 1));
        }
        data.setLength(0);
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      if (field.equals("data")) {
        data.append(value.startsWith(" ") ? value.substring(1) : value).append('\n');
      }
    }
    return events;
  }
}
