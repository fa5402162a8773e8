package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Strings to the byte. How they stand in a text is for [JsonScannerTest].
final class JsonStringTest {
  /// The first and last byte of every row of the table in RFC 3629 section 4, and their neighbours.
  private static final byte[] EDGES =
      HexFormat.of().parseHex("207f80818f909fa0bebfc0c1c2c3dfe0e1ecedeeeff0f1f3f4f5f7f8fbfcfdfeff");

  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  @Test
  void everyByteIsSeenWhereverItStands() {
    for (int length = 1; length <= 20; length++) {
      for (int place = 0; place < length; place++) {
        byte[] inside = new byte[length];
        for (int value = 0; value < 0x80; value++) {
          Arrays.fill(inside, (byte) 'a');
          inside[place] = (byte) value;
          boolean plain = value >= 0x20 && value != '"' && value != '\\';
          boolean ends = value == '"';
          byte[] json = quoted(inside);
          if (plain || ends) {
            assertEquals(ends ? place + 2 : json.length, JsonString.end(json, 1));
          } else {
            assertThrows(MalformedJsonException.class, () -> JsonString.end(json, 1));
          }
        }
      }
    }
  }

  @Test
  void oneAndTwoBytesAreTakenIfTheyAreUtf8() {
    for (int one = 0x80; one <= 0xff; one++) {
      agrees((byte) one);
      for (int two = 0x20; two <= 0xff; two++) {
        if (two != '"' && two != '\\') {
          agrees((byte) one, (byte) two);
        }
      }
    }
  }

  @Test
  void threeAndFourBytesAreTakenIfTheyAreUtf8() {
    for (byte one : EDGES) {
      for (byte two : EDGES) {
        for (byte three : EDGES) {
          agrees(one, two, three);
          for (byte four : EDGES) {
            agrees(one, two, three, four);
          }
        }
      }
    }
  }

  @Test
  void everyCharacterIsTaken() {
    for (int point = 0x20; point <= Character.MAX_CODE_POINT; point++) {
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      if (!surrogate && point != '"' && point != '\\') {
        String text = Character.toString(point);
        byte[] json = quoted(text.getBytes(StandardCharsets.UTF_8));
        assertEquals(json.length, JsonString.end(json, 1));
        assertEquals(text, JsonString.text(json, 1, json.length - 1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "$$|$$",
        "plain|plain",
        "\\\"\\\\\\/|\"\\/",
        "a\\u0041b\\u00e9é\\u20AC|aAbéé€",
        "\\ud83d\\ude00\\uD83D\\uDE00|😀😀",
        "\\\\u0041|\\u0041"
      })
  void escapesAreResolved(String inside, String text) {
    byte[] json = quoted(inside.getBytes(StandardCharsets.UTF_8));
    assertEquals(json.length, JsonString.end(json, 1));
    assertEquals(text, JsonString.text(json, 1, json.length - 1));
  }

  @Test
  void shortEscapesAndHalvesOfPairsAreResolved() {
    byte[] json = quoted("\\b\\f\\n\\r\\t\\ud800x\\udc00".getBytes(StandardCharsets.UTF_8));
    assertEquals("\b\f\n\r\t\ud800x\udc00", JsonString.text(json, 1, json.length - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "aaaaaaaaaaaaaaaa", "\\", "\\u", "\\u004", "\\\"", "é", "aaaaaaaé"})
  void stringWithoutEndIsRefused(String inside) {
    byte[] json = ('"' + inside).getBytes(StandardCharsets.UTF_8);
    assertThrows(MalformedJsonException.class, () -> JsonString.end(json, 1));
    byte[] cut = Arrays.copyOf(json, json.length - 1);
    assertThrows(MalformedJsonException.class, () -> JsonString.end(cut, 1));
  }

  /// Escapes are looked for in 64 bytes at a time.
  @Test
  void escapesAreSeenWhereverTheyStand() {
    Pattern string =
        Pattern.compile("(?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\"");
    List<String> parts =
        List.of("a", "longer ", "\\n", "\\\\", "\\\"", "\\u00e9", "é", "\"", "\\", "\\x", "\u001f");
    Random random = new Random(11);
    int taken = 0;
    for (int round = 0; round < 200_000; round++) {
      int kinds = 1 + random.nextInt(parts.size());
      StringBuilder inside = new StringBuilder();
      for (int part = random.nextInt(80); part >= 0; part--) {
        // the last four, which end a string or make it none, are seldom
        int kind = random.nextInt(kinds);
        inside.append(parts.get(kind < 7 || random.nextInt(15) == 0 ? kind : kind % 7));
      }
      byte[] json = ("{" + inside + "\"").getBytes(StandardCharsets.UTF_8);
      Matcher matcher = string.matcher(inside + "\"");
      if (matcher.lookingAt()) {
        int end = 1 + matcher.group().getBytes(StandardCharsets.UTF_8).length;
        assertEquals(end, JsonString.end(json, 1), () -> inside.toString());
        taken++;
      } else {
        assertThrows(
            MalformedJsonException.class, () -> JsonString.end(json, 1), inside.toString());
      }
    }
    assertTrue(taken > 100_000 && taken < 190_000, "strings of both kinds, not " + taken);
  }

  @Test
  void onlyTheEscapesOfTheGrammarAreTaken() {
    for (int kind = 0; kind <= 0xff; kind++) {
      byte[] json = quoted(new byte[] {'\\', (byte) kind, '0', '0', '4', '1'});
      if ("\"\\/bfnrtu".indexOf(kind) >= 0) {
        assertEquals(json.length, JsonString.end(json, 1));
      } else {
        assertThrows(MalformedJsonException.class, () -> JsonString.end(json, 1));
      }
      boolean hex = "0123456789abcdefABCDEF".indexOf(kind) >= 0;
      for (int digit = 2; digit < 6; digit++) {
        byte[] unicode = quoted(new byte[] {'\\', 'u', '0', '0', '0', '0'});
        unicode[digit + 1] = (byte) kind;
        if (hex) {
          assertEquals(unicode.length, JsonString.end(unicode, 1));
        } else {
          assertThrows(MalformedJsonException.class, () -> JsonString.end(unicode, 1));
        }
      }
    }
  }

  private void agrees(byte... inside) {
    byte[] json = quoted(inside);
    boolean taken;
    try {
      taken = JsonString.end(json, 1) == json.length;
    } catch (MalformedJsonException _) {
      taken = false;
    }
    if (taken != isUtf8(inside)) {
      throw new AssertionError(HexFormat.of().formatHex(inside));
    }
  }

  private boolean isUtf8(byte[] bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    return decoder.reset().decode(ByteBuffer.wrap(bytes), text, true).isUnderflow();
  }

  private static byte[] quoted(byte[] inside) {
    byte[] json = new byte[inside.length + 2];
    json[0] = '"';
    System.arraycopy(inside, 0, json, 1, inside.length);
    json[json.length - 1] = '"';
    return json;
  }
}
