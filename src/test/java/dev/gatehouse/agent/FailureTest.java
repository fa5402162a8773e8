package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What goes wrong where nobody expects it is answered in the one form as well.
final class FailureTest {
  private static final String READER = RunningAgent.READER;
  private static final Pattern ANSWER =
      Pattern.compile("HTTP/1.1 (\\d+) .*?\r\n\r\n(.*)", Pattern.DOTALL);

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, GET /chatkit HTTP/1.1",
    "400, 'GET /%zz HTTP/1.1\r\nHost: agent'",
    "400, 'GET / HTTP/1.1\r\nHost: agent\r\nkanarienvogel'",
    "414, 'GET /LONG HTTP/1.1\r\nHost: agent'",
    "431, 'GET / HTTP/1.1\r\nHost: agent\r\nX-Long: LONG'",
    "400, GET / HTTP/4.2",
  })
  void whatTheContainerRefusesIsRefusedInTheSameForm(int status, String head) throws Exception {
    try (Wire wire = Wire.to(agent.request("/").build().url().port())) {
      wire.send(head.replace("LONG", "x".repeat(20_000)) + "\r\n\r\n");
      String answer = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      Matcher parts = ANSWER.matcher(answer);
      assertTrue(parts.matches(), answer);
      assertEquals(String.valueOf(status), parts.group(1));
      assertTrue(answer.contains("Content-Type: application/problem+json\r\n"), answer);
      JsonNode body = JsonMapper.shared().readTree(parts.group(2));
      assertEquals(status, body.at("/status").intValue());
      assertTrue(body.at("/message").isString());
      assertFalse(answer.contains("kanarienvogel"));
    }
  }

  @Test
  void lookupThatFailsIsLoggedOnceWithoutAWordOfWhatWasSaid() throws Exception {
    String thread = agent.ask(READER, "Hi");
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + agent.data.resolve("agent.db"));
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE threads SET status = 'kanarienvogel'");
    }
    try (LogCapture log = LogCapture.everything()) {
      RunningAgent.Answer answer = agent.post(READER, Asking.byId(thread));
      answer.assertRefused(500);
      assertEquals("Something went wrong here.", answer.json().at("/message").stringValue());
      List<String> lines = log.lines();
      assertEquals(1, lines.size(), lines.toString());
      assertTrue(lines.getFirst().contains("an operation failed: java.lang.Illegal"));
      assertFalse((answer.body() + lines).contains("kanarienvogel"));
    }
  }
}
