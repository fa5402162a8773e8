package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.stream.Pieces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChunkReaderTest {
  private final ReadAhead received;

  ChunkReaderTest() throws IOException {
    this.received = new ReadAhead(SocketChannel.open());
  }

  @AfterEach
  void close() throws IOException {
    received.close();
  }

  private static byte[] bytes(String escaped) {
    return escaped.replace('|', '\r').replace('/', '\n').getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(ByteBuffer bytes) {
    String text = StandardCharsets.US_ASCII.decode(bytes).toString();
    return text.replace('\r', '|').replace('\n', '/');
  }

  @ParameterizedTest
  @CsvSource({
    "-1, '3|/{}a', '{}a', 0, ''",
    "-1, '3|/{}a|/', '{}a', 0, '|/'",
    "0, '|/B|/data: one//', 'data: one//', 0, ''",
    "0, '|/00a|/0123456789|/', '0123456789', 0, '|/'",
    "0, '|/fFf|/01', '01', 4093, ''",
    "0, '|/123456|/0', '0', 1193045, ''",
    "0, '|/1|/a|/2|/|/|/1|/b|/', 'a|/b', 0, '|/'",
    "0, '|/1|/a|/2|/b', 'ab', 1, ''",
    "0, '|/1|/a|/2|/', 'a', 2, ''",
    "0, '|/1|/a|/2|', 'a', 0, '|/2|'",
    "0, '|/1|/a|', 'a', 0, '|'",
    "0, '|/1|/axy', 'a', 0, 'xy'",
    "0, '|/1|/a|/0|/|/', 'a', 0, '|/0|/|/'",
    "5, 'abc', 'abc', 2, ''",
    "5, 'abcde', 'abcde', 0, ''",
    "5, 'abcde|/', 'abcde', 0, '|/'",
    "2, 'ab|/2|/cd|/9|/e', 'abcde', 8, ''",
    "0, '1|/a', '', 0, '1|/a'",
    "-1, '|/1|/a', '', -1, '|/1|/a'",
    "0, '|/0|/|/', '', 0, '|/0|/|/'",
    "0, '|/1;b=c|/a', '', 0, '|/1;b=c|/a'",
    "0, '|/0000001|/a', '', 0, '|/0000001|/a'",
    "0, '|/-1|/a', '', 0, '|/-1|/a'",
    "0, '|/|/a', '', 0, '|/|/a'",
    "0, '|/', '', 0, '|/'",
    "0, '//1|/a', '', 0, '//1|/a'",
    "0, '', '', 0, ''",
  })
  void takesContentAndLeavesTheRest(
      long before, String raw, String content, long after, String rest) {
    received.putBack(bytes(raw));
    ChunkReader chunks = new ChunkReader(received, before);
    assertEquals(content, text(chunks.take()));
    assertEquals(after, chunks.left());
    assertEquals(rest, text(received.unread()));
  }

  @ParameterizedTest
  @CsvSource({
    "'a|/0', false, true",
    "'|/a|/0', true, true",
    "'|/FfF|/0123', true, true",
    "'|/123456|/0', true, true",
    "'|/1234567|/0', true, false",
    "'a|/0', true, false",
    "'|/a|/0', false, false",
    "'|/0|/|/', true, false",
    "'|/0a|/0', true, true",
    "'|/a;b=c|/0', true, false",
    "'|/a|/', true, false",
    "'|/a|', true, false",
    "'|/a', true, false",
    "'|/', true, false",
    "'|', true, false",
    "'|/xy|/0', true, false",
    "'//a|/0', true, false",
  })
  void knowsContentWhereItIsSure(String raw, boolean behindLineEnd, boolean sure) {
    received.putBack(bytes(raw));
    assertEquals(sure, ChunkReader.hasContent(received, behindLineEnd));
    assertEquals(raw, text(received.unread()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, '|', true",
    "0, '|/', true",
    "0, '|/1', true",
    "0, '|/00fffF', true",
    "0, '|/1f|', true",
    "0, '|/0', true",
    "0, '|/0|', true",
    "-1, '1', true",
    "-1, '1|', true",
    "0, '|/1f|/', false",
    "0, '|/0|/', false",
    "0, '1', false",
    "0, '/', false",
    "0, '|1', false",
    "0, '|/|', false",
    "0, '|/|/', false",
    "0, '|/1;', false",
    "0, '|/1234567', false",
    "0, '|/1|2', false",
    "-1, '|/', false",
    "-1, 'x', false",
  })
  void knowsTheBeginningOfASize(long left, String raw, boolean expected) {
    received.putBack(bytes(raw));
    assertEquals(expected, new ChunkReader(received, left).isInSize());
  }

  @Test
  void contentIsTheSameHoweverItIsCut() {
    Random random = new Random(20261130);
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      byte[] content = new byte[1 + random.nextInt(i % 50 == 0 ? 70_000 : 60)];
      random.nextBytes(content);
      raw.writeBytes(bytes(Integer.toHexString(content.length) + "|/"));
      raw.writeBytes(content);
      raw.writeBytes(bytes("|/"));
      sent.writeBytes(content);
    }
    ByteArrayOutputStream came = new ByteArrayOutputStream();
    ChunkReader chunks = new ChunkReader(received, -1);
    byte[] all = raw.toByteArray();
    int at = 0;
    while (at < all.length) {
      byte[] rest = Pieces.copy(received.unread());
      int count = Math.min(1 + random.nextInt(random.nextBoolean() ? 9 : 32_768), all.length - at);
      byte[] next = Arrays.copyOf(rest, rest.length + count);
      System.arraycopy(all, at, next, rest.length, count);
      received.putBack(next);
      came.writeBytes(Pieces.copy(chunks.take()));
      at += count;
    }
    assertEquals(0, chunks.left());
    assertEquals("|/", text(received.unread()));
    assertEquals(0, Arrays.compare(sent.toByteArray(), came.toByteArray()));
  }
}
