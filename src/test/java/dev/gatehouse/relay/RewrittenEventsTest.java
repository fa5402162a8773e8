package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.stream.ByteSource;
import dev.gatehouse.stream.Pieces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
    Random random = new Random(seed);
    return new Pieces(utf8(text), () -> 1 + random.nextInt(most));
  }

  private static String read(ByteSource source) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Pieces.copy(new RewrittenEvents(source, RewrittenEventsTest::replaced), all);
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
    String sent = stream.replace('N', '\n').replace('R', '\r');
    String came = expected.replace('N', '\n').replace('R', '\r');
    for (int most : new int[] {1, 3, 5, 4096}) {
      assertEquals(came, read(inPieces(sent, most, most)));
    }
  }

  @Test
  void lineThatIsTooLongGoesOutAsItComes() throws IOException {
    String line = "data: " + "é".repeat(1 << 18) + "\n";
    String sent = line + "data: {old}\n\n" + line + "data: {old}\n\n";
    assertEquals(sent.replace("{old}", "{newer}"), read(inPieces(sent, 9000, 1)));
  }

  @Test
  void wholeLinesGoOutBeforeTheNextIsThere() throws IOException {
    String[] pieces = {"data: {ol", "d}\n\nda", "ta: x\n"};
    int[] next = {0};
    RewrittenEvents events =
        new RewrittenEvents(
            () -> Optional.of(ByteBuffer.wrap(utf8(pieces[next[0]++]))),
            RewrittenEventsTest::replaced);
    for (String expected : List.of("", "data: {newer}\n\n", "data: x\n")) {
      assertArrayEquals(utf8(expected), Pieces.copy(events.read().orElseThrow()));
    }
  }

  @Test
  void streamThatBreaksOffGivesAllThatCameAndBreaks() throws IOException {
    ByteSource broken = inPieces("data: {old}\ndata: half", 4, 1);
    RewrittenEvents events =
        new RewrittenEvents(
            () -> Optional.of(broken.read().orElseThrow(() -> new IOException("gone"))),
            RewrittenEventsTest::replaced);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    assertThrows(IOException.class, () -> Pieces.copy(events, all));
    assertEquals("data: {newer}\ndata: half", all.toString(StandardCharsets.UTF_8));
  }
}
