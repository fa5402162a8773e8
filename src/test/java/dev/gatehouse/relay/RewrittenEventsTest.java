package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.stream.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewrittenEventsTest {
  private static byte[] replaced(byte[] data) {
    return new String(data, StandardCharsets.UTF_8).equals("{old}") ? utf8("{newer}") : data;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteSource inPieces(String text, int most, long seed) {
    ByteArrayInputStream bytes = new ByteArrayInputStream(utf8(text));
    Random random = new Random(seed);
    return buffer -> bytes.read(buffer, 0, Math.min(buffer.length, 1 + random.nextInt(most)));
  }

  private static String read(ByteSource source, int size) throws IOException {
    RewrittenEvents events = new RewrittenEvents(source, RewrittenEventsTest::replaced);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[size];
    for (int length = events.read(buffer); length >= 0; length = events.read(buffer)) {
      all.write(buffer, 0, length);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "data: {old}NN|data: {newer}NN",
        "data:{old}NN|data:{newer}NN",
        "event: xNdata: {old}Nid: 1NN: noteN|event: xNdata: {newer}Nid: 1NN: noteN",
        "data: {old}RNRNdata: {old}RR|data: {newer}RNRNdata: {newer}RR",
        "data:  {old}NN|data:  {old}NN",
        "Data: {old}NN|Data: {old}NN",
        "database: {old}NN|database: {old}NN",
        ": data: {old}NN|: data: {old}NN",
        "data: xNdata: {old}NdataNdata:Ndata: NN|data: xNdata: {newer}NdataNdata:Ndata: NN",
        "data: {old}|data: {old}",
        "$$|$$"
      })
  void dataOfOneLineIsReplacedAndNothingElse(String stream, String expected) throws IOException {
    for (int size : new int[] {1, 3, 4096}) {
      String sent = stream.replace('N', '\n').replace('R', '\r');
      String came = expected.replace('N', '\n').replace('R', '\r');
      assertEquals(came, read(inPieces(sent, 5, size), size));
      assertEquals(came, read(inPieces(sent, 4096, size), size));
    }
  }

  @Test
  void lineThatIsTooLongGoesOutAsItComes() throws IOException {
    String line = "data: " + "é".repeat(1 << 18) + "\n";
    String sent = line + "data: {old}\n\n" + line + "data: {old}\n\n";
    assertEquals(sent.replace("{old}", "{newer}"), read(inPieces(sent, 9000, 1), 4096));
  }

  @Test
  void wholeLinesGoOutBeforeTheNextIsThere() throws IOException {
    String[] pieces = {"data: {ol", "d}\n\nda", "ta: x\n"};
    int[] next = {0};
    RewrittenEvents events =
        new RewrittenEvents(
            buffer -> {
              byte[] piece = utf8(pieces[next[0]++]);
              System.arraycopy(piece, 0, buffer, 0, piece.length);
              return piece.length;
            },
            RewrittenEventsTest::replaced);
    byte[] buffer = new byte[64];
    assertEquals(0, events.read(buffer));
    assertEquals("data: {newer}\n\n".length(), events.read(buffer));
    assertEquals("data: x\n".length(), events.read(buffer));
  }

  @Test
  void streamThatBreaksOffGivesAllThatCameAndBreaks() throws IOException {
    ByteSource broken = inPieces("data: {old}\ndata: half", 4, 1);
    RewrittenEvents events =
        new RewrittenEvents(
            buffer -> {
              int length = broken.read(buffer);
              if (length < 0) {
                throw new IOException("gone");
              }
              return length;
            },
            RewrittenEventsTest::replaced);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[64];
    assertThrows(
        IOException.class,
        () -> {
          while (true) {
            all.write(buffer, 0, events.read(buffer));
          }
        });
    assertEquals("data: {newer}\ndata: half", all.toString(StandardCharsets.UTF_8));
  }
}
