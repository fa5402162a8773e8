package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventBoundaryTest {

  private static boolean between(String text) {
    EventBoundary boundary = new EventBoundary();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boundary.advance(ByteBuffer.wrap(new byte[] {b}));
    }
    return boundary.isBetweenEvents();
  }

  @Test
  void beginningIsBetweenEvents() {
    assertEquals(true, between(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: x\n\n",
        "data: x\r\n\r\n",
        "data: x\r\n\n",
        "data: x\n\r\n",
        "data: x\r\r\n",
        "data: x\ndata: y\n\n",
        ":\n\n",
        "\n",
        "data: x\n\n\n"
      })
  void emptyLineEndsAnEvent(String text) {
    assertEquals(true, between(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d",
        "data: x",
        "data: x\n",
        "data: x\r",
        "data: x\r\n",
        "data: x\r\n\r",
        "data: x\r\r",
        "data: x\n\ndata",
        "data: x\n\ndata: y\n",
        "data: x\n\n "
      })
  void elsewhereIsInsideOne(String text) {
    assertEquals(false, between(text));
  }
}
