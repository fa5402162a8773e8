package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Recorded exchanges of every protocol, carried by a route of which nothing is said but path,
/// upstream and protocol.
final class ProtocolContractTest {
  private static final int PIECE = 7;
  private static final String PATH = "/api/x";
  private static final String USER =
      "\"userId\":\"user-1\",\"userInfo\":{\"id\":\"user-1\",\"name\":\"Test User\","
          + "\"email\":\"user@example.com\"}";
  private static final String NO_BODY = "204 304 202";

  /// What the agent does with its connection.
  @FunctionalInterface
  private interface Manner {
    void answer(Recording recording, Wire wire) throws Exception;
  }

  /// An answer as the browser has it.
  private record Seen(Received head, String body) {}

  private static void replay(ProtocolName protocol, Manner manner, Check check) throws Exception {
    List<Recording> recordings = Recording.of(protocol.text());
    assertTrue(!recordings.isEmpty());
    List<Recording> next = new ArrayList<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> manner.answer(next.getLast(), wire));
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .path(PATH + "/*")
                .route("protocol: " + protocol.text())
                .start()) {
      for (Recording recording : recordings) {
        next.add(recording);
        try (Wire wire = gate.wire()) {
          wire.send(request(gate, recording));
          check.that(recording, upstream.await(), wire);
        } catch (IOException | AssertionError e) {
          throw new AssertionError(protocol.text() + "/" + recording.name(), e);
        }
      }
      assertEquals(recordings.size(), upstream.requests().size());
    }
  }

  /// What must hold of an exchange.
  @FunctionalInterface
  private interface Check {
    void that(Recording recording, Received upstream, Wire browser) throws Exception;
  }

  private static byte[] request(RunningGatehouse gate, Recording recording) {
    Recording.Section sent = recording.request();
    byte[] body = utf8(sent.body());
    StringBuilder head = new StringBuilder(sent.method() + " " + PATH + sent.path());
    head.append(" HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token=");
    head.append(gate.issuer().tokenFor("user-1")).append("\r\n");
    for (String header : sent.headers()) {
      head.append(header.startsWith("Page: ") ? page(header.substring(6)) : header).append("\r\n");
    }
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    } else if (sent.method().equals("POST")) {
      head.append("Content-Length: 0\r\n");
    }
    return joined(utf8(head + "\r\n"), body);
  }

  private static String page(String json) {
    return "X-Page-Context: " + Base64.getUrlEncoder().encodeToString(utf8(json));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] all = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, all, one.length, two.length);
    return all;
  }

  private static String head(Recording recording) {
    Recording.Section answer = recording.answer();
    return "HTTP/1.1 " + answer.line() + " Fine\r\n" + lines(answer.headers());
  }

  private static String lines(List<String> headers) {
    return headers.stream().map(header -> header + "\r\n").reduce("", String::concat);
  }

  private static void whole(Recording recording, Wire wire) throws IOException {
    byte[] body = utf8(recording.answer().body());
    if (recording.endIsMarked().isEmpty()) {
      boolean bodiless = NO_BODY.contains(recording.answer().line()) && body.length == 0;
      String length = bodiless ? "" : "Content-Length: " + body.length + "\r\n";
      boolean empty = recording.answer().line().equals("202");
      wire.send(head(recording) + (empty ? "Content-Length: 0\r\n" : length) + "\r\n").send(body);
      return;
    }
    wire.send(head(recording) + "Transfer-Encoding: chunked\r\n\r\n");
    for (int at = 0; at < body.length; at += PIECE) {
      wire.sendChunk(Arrays.copyOfRange(body, at, Math.min(at + PIECE, body.length)));
    }
    wire.sendLastChunk();
  }

  private static Seen read(Wire wire) throws IOException {
    String head = wire.readHead();
    Received parsed = wire.parsed(head);
    byte[] body =
        parsed.header("Transfer-Encoding").isPresent()
            ? wire.readChunks()
            : wire.read(parsed.header("Content-Length").map(Integer::parseInt).orElse(0));
    return new Seen(parsed, new String(body, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(ProtocolName.class)
  void recordedExchangesAreCarriedToTheLetter(ProtocolName protocol) throws Exception {
    replay(
        protocol,
        ProtocolContractTest::whole,
        (recording, upstream, browser) -> {
          Seen seen = read(browser);
          assertReached(recording.upstream(), upstream);
          assertEquals(recording.answer().body(), seen.body());
          assertEquals(
              "HTTP/1.1 " + recording.answer().line(), seen.head().line().substring(0, 12));
          for (String header : recording.answer().headers()) {
            assertHeader(header, seen.head(), recording.endIsMarked().isPresent());
          }
        });
  }

  private static void assertReached(Recording.Section expected, Received upstream) {
    assertEquals(expected.method() + " /chatkit" + expected.path() + " HTTP/1.1", upstream.line());
    for (String header : expected.headers()) {
      if (header.startsWith("!")) {
        assertEquals(List.of(), upstream.headers(header.substring(1)));
      } else {
        assertHeader(header, upstream, false);
      }
    }
    String text = expected.body().replace("${USER}", USER);
    String pattern = Pattern.quote(text).replace("${NAME}", "\\E[0-9a-f]{32}\\Q");
    assertTrue(
        Pattern.matches(pattern, upstream.text()), () -> text + "\n  was\n" + upstream.text());
  }

  private static void assertHeader(String header, Received head, boolean stream) {
    String name = header.substring(0, header.indexOf(':'));
    if (!stream || !name.equals("Cache-Control")) { // which the gate makes stricter
      assertEquals(List.of(header.substring(name.length() + 1).strip()), head.headers(name), name);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolName.class)
  void streamThatEndsByClosingIsWholeWithItsLastEvent(ProtocolName protocol) throws Exception {
    replay(
        protocol,
        (recording, wire) -> {
          wire.send(head(recording) + "\r\n").send(utf8(recording.answer().body()));
          wire.close();
        },
        (recording, _, browser) -> {
          if (recording.endIsMarked().isPresent()) {
            assertEquals(recording.answer().body(), read(browser).body());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(ProtocolName.class)
  void streamThatEndsByClosingIsBrokenWithoutTheEventThatMarksItsEnd(ProtocolName protocol)
      throws Exception {
    replay(
        protocol,
        (recording, wire) -> {
          String body = recording.endIsMarked().isPresent() ? recording.withoutLastEvent() : "";
          wire.send(head(recording) + "\r\n" + (body.isEmpty() ? "" : body));
          wire.close();
        },
        (recording, _, browser) -> {
          if (recording.endIsMarked().orElse(false)) {
            assertThrows(EOFException.class, () -> read(browser));
          } else if (recording.endIsMarked().isPresent()) {
            assertTrue(read(browser).body().length() > 0);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(ProtocolName.class)
  void streamThatBreaksOffIsBroken(ProtocolName protocol) throws Exception {
    replay(
        protocol,
        (recording, wire) -> {
          byte[] body = utf8(recording.answer().body());
          wire.send(head(recording) + "Transfer-Encoding: chunked\r\n\r\n");
          if (body.length > 0) {
            wire.sendChunk(body);
          }
          wire.close();
        },
        (recording, _, browser) -> {
          if (recording.endIsMarked().isPresent()) {
            assertThrows(EOFException.class, () -> read(browser));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(ProtocolName.class)
  void failureOfTheGateIsToldInTheWayOfTheProtocol(ProtocolName protocol) throws Exception {
    replay(
        protocol,
        (_, wire) -> wire.close(),
        (recording, _, browser) -> {
          Seen seen = read(browser);
          String[] expected = recording.failure().line().split(" ", 2);
          assertEquals("HTTP/1.1 " + expected[0], seen.head().line().substring(0, 12));
          assertEquals(List.of(expected[1]), seen.head().headers("Content-Type"));
          if (!expected[0].startsWith("5")) {
            assertEquals(
                recording.failure().body(),
                seen.body().replaceFirst("(?<=\"message\":\")[^\"]*", MESSAGE));
            assertTrue(seen.body().contains("The agent server"));
          }
        });
  }

  private static final String MESSAGE = "The agent server could not be reached";
}
