package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What clients see of a database that does not answer.
final class StoreAwayTest {
  private static final String READER = RunningAgent.READER;

  @Test
  void databaseThatIsGoneIsSaidAndNothingIsHalfWritten() throws Exception {
    try (RunningAgent agent = RunningAgent.start()) {
      String thread = agent.ask(READER, "Hi");
      JsonNode before = agent.lookup(READER, Asking.byId(thread));
      String url = "jdbc:sqlite:" + agent.data.resolve("agent.db");
      try (Connection other = DriverManager.getConnection(url);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        List<JsonNode> events = agent.stream(READER, Asking.add(thread, "Anybody there?"));
        assertEquals(List.of("error"), Asking.types(events));
        assertTrue(events.getFirst().at("/allow_retry").booleanValue());
        agent
            .post(
                READER,
                """
                {"type":"threads.update","params":{"thread_id":"%s","title":"Anew"}}\
                """
                    .formatted(thread))
            .assertRefused(503);
        statement.execute("ROLLBACK");
      }
      assertEquals(before, agent.lookup(READER, Asking.byId(thread)));
      assertEquals(
          "thread.item.done",
          Asking.types(agent.stream(READER, Asking.add(thread, "Back?"))).getFirst());
    }
  }

  @Test
  void readinessIsThatOfTheDatabase() {
    try (RunningAgent agent = RunningAgent.start()) {
      assertEquals(200, agent.send(agent.request("/readyz").get().build()).status());
    }
  }
}
