package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// A database that refuses the answer at the end of a turn.
@Timeout(30)
final class KeptAtLastTest {
  private static final String READER = RunningAgent.READER;

  private final AtomicReference<Path> data = new AtomicReference<>();

  @Test
  void partialAnswerIsKeptWhenTheDatabaseIsBackAtOnce() throws Exception {
    Responder failing =
        (turn, reply) -> {
          reply.say("half ");
          refuse("unixepoch('subsec') < " + (System.currentTimeMillis() + 900) / 1000.0);
          throw new IOException("unplugged");
        };
    assertKept(failing, "The answer could not be completed.", "half ", 0);
  }

  @Test
  void wholeAnswerIsKeptWhenTheDatabaseIsBackAtOnce() throws Exception {
    Responder speaking =
        (turn, reply) -> {
          reply.say("whole");
          refuse("unixepoch('subsec') < " + (System.currentTimeMillis() + 900) / 1000.0);
        };
    assertKept(speaking, "Conversations cannot be kept at the moment.", "whole", 0);
  }

  /// Or nobody would know that the order was placed.
  @Test
  void outcomeOfAToolIsKeptWhenTheDatabaseIsBackAtOnce() {
    Responder ordering =
        (turn, reply) -> {
          Reply.Work order = reply.work("wrench", "Order");
          refuse("unixepoch('subsec') < " + (System.currentTimeMillis() + 900) / 1000.0);
          order.done("Order 7 is placed.");
        };
    try (RunningAgent agent = RunningAgent.with(ordering)) {
      data.set(agent.data);
      List<JsonNode> events = agent.stream(READER, Asking.create("Order it"));
      String thread = events.getFirst().at("/thread/id").stringValue();
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals("Order 7 is placed.", items.at("/1/task/content").asString(""));
    }
  }

  @Test
  void answerThatCannotBeKeptIsGivenUpAndSaidInTheLog() throws Exception {
    Responder failing =
        (turn, reply) -> {
          reply.say("kanarienvogel");
          refuse("TRUE");
          throw new IOException("unplugged");
        };
    assertKept(failing, "The answer could not be completed.", "", 1);
  }

  private void assertKept(Responder responder, String error, String answer, int lost) {
    try (RunningAgent agent = RunningAgent.with(responder);
        LogCapture log = LogCapture.everything()) {
      data.set(agent.data);
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      assertEquals(error, events.getLast().at("/message").asString(""));
      String thread = events.getFirst().at("/thread/id").stringValue();
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(answer, items.at("/1/content/0/text").asString(""));
      assertEquals(
          lost,
          log.lines().stream().filter(line -> line.contains("what was said is lost")).count());
      assertEquals(0, log.lines().stream().filter(line -> line.contains("kanarien")).count());
    }
  }

  /// Takes no answer as long as this holds.
  private void refuse(String condition) throws IOException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + data.get().resolve("agent.db"));
        Statement statement = other.createStatement()) {
      statement.execute(
          """
          CREATE TRIGGER refuse BEFORE INSERT ON items WHEN %s
          BEGIN SELECT RAISE(ABORT, 'not now'); END\
          """
              .formatted(condition));
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
