package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are read and sent in larger pieces than small ones.
final class LargeBodyTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate = RunningGatehouse.towards(upstream.uri()).route("max-body-size: 2MiB").start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  /// No two pieces of it are alike.
  private static String body(int length) {
    StringBuilder text = new StringBuilder("{\"metadata\":{},\"text\":\"");
    for (int i = 0; text.length() < length - 2; i++) {
      text.append(i).append(' ');
    }
    text.setLength(length - 2);
    return text.append("\"}").toString();
  }

  private static void assertAnswered(Wire wire) throws Exception {
    Received answer = wire.parsed(wire.readHead());
    assertTrue(answer.head().startsWith("HTTP/1.1 200 "), answer.head());
    wire.read(answer.header("Content-Length").map(Integer::parseInt).orElseThrow());
  }

  private static void assertWhole(String body, Received received) {
    String text = received.text();
    assertEquals(
        body.substring(body.indexOf("\"text\"")), text.substring(text.indexOf("\"text\"")));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        8_191, 8_192, 8_193, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, 65_537, 100_000,
        131_072, 1_000_000
      })
  void itArrivesWholeWithMoreRequestsBehindIt(int length) throws Exception {
    String body = body(length);
    try (Wire wire = gate.wire()) {
      wire.send(gate.post(body) + gate.post("{}").repeat(20) + gate.post(body));
      for (int i = 0; i < 22; i++) {
        assertAnswered(wire);
      }
    }
    List<Received> received = upstream.requests();
    assertEquals(22, received.size());
    assertWhole(body, received.getFirst());
    assertWhole(body, received.getLast());
  }

  @Test
  void itArrivesWholeThoughItCameInDribs() throws Exception {
    String body = body(50_000);
    byte[] request = gate.post(body).getBytes(StandardCharsets.US_ASCII);
    try (Wire wire = gate.wire()) {
      for (int at = 0, step = 1; at < request.length; at += step, step = step * 3 % 9_973 + 1) {
        byte[] piece = new byte[Math.min(step, request.length - at)];
        System.arraycopy(request, at, piece, 0, piece.length);
        wire.send(piece);
      }
      assertAnswered(wire);
    }
    assertWhole(body, upstream.await());
  }
}
