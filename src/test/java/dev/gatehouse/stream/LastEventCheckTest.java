package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LastEventCheckTest {

  /// Reads a stream to its end in pieces of this size, and gives what was read.
  private static byte[] read(String stream, int piece) throws IOException {
    ByteSource pieces = new Pieces(stream.getBytes(StandardCharsets.UTF_8), () -> piece);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    Pieces.copy(new LastEventCheck(pieces, "[DONE]"::equals), read);
    return read.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        "data:[DONE]\n\n",
        "\ufeffdata: [DONE]\n\n",
        "data: {\"a\":1}\n\ndata: [DONE]\n\n",
        "data: 1\r\n\r\ndata: [DONE]\r\n\r\n",
        "data: 1\r\rdata: [DONE]\r\r",
        "id: 7\nevent: end\ndata: [DONE]\n: note\n\n",
        "data\n\ndatabase\ndata: [DONE]\n\n",
        "data: [DONE]\n\n: keep-alive\n\n",
        "data: \u00fc\n\ndata: [DONE]\n\n"
      })
  void streamWithItsLastEventIsWhole(String stream) throws IOException {
    for (int piece : new int[] {1, 3, 4096}) {
      assertArrayEquals(stream.getBytes(StandardCharsets.UTF_8), read(stream, piece));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data: 1\n\n",
        "data: [DONE]",
        "data: [DONE]\n",
        "data: [DONE]\r\n",
        "data: [DONE] \n\n",
        "data: [DONE]\ndata: more\n\n",
        "data: [DONE]\ndata:\n\n",
        "data: [DONE]\ndata\n\n",
        "data\ndata: [DONE]\n\n",
        "data: {\"text\":\"data: [DONE]\"}\n\n",
        " data: [DONE]\n\n",
        "event: [DONE]\n\n",
        ": data: [DONE]\n\n",
        "[DONE]\n\n"
      })
  void streamWithoutItIsNot(String stream) {
    for (int piece : new int[] {1, 3, 4096}) {
      assertThrows(EOFException.class, () -> read(stream, piece));
    }
  }

  @Test
  void endlessLinesAreNotCollected() {
    String long1 = "x".repeat(1 << 20);
    assertDoesNotThrow(() -> read("data: " + long1 + "\n\ndata: [DONE]\n\n", 4096));
    String manyLines = "data: y\n".repeat(100_000);
    assertDoesNotThrow(() -> read(manyLines + "\ndata: [DONE]\n\n", 4096));
    assertThrows(EOFException.class, () -> read(manyLines + "data: [DONE]\n\n", 4096));
  }
}
