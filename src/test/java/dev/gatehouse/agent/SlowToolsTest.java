package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.mcp.TokenUse;
import dev.gatehouse.agent.mcp.ToolServer;
import dev.gatehouse.agent.model.ModelResponder;
import dev.gatehouse.agent.model.ModelSettings;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A tool server that answers only once the person knows that it is waited for.
final class SlowToolsTest {
  private static final String REFUSAL =
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

  private final CountDownLatch known = new CountDownLatch(1);
  private final ScriptedUpstream server =
      ScriptedUpstream.running((_, wire) -> {
        assertTrue(known.await(20, TimeUnit.SECONDS));
        wire.send(REFUSAL);
      });

  @Test
  void whoAsksAModelReadsThatToolsAreLookedFor() throws Exception {
    ModelSettings settings =
        new ModelSettings(
            server.uri(),
            ModelSettings.Api.RESPONSES,
            "m",
            Optional.empty(),
            "Be brief.",
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    try (server;
        ModelResponder responder = ModelResponder.to(settings)) {
      assertEquals(
          List.of("Looking for tools", "Thinking"), progress(responder, "What is a whale?"));
    }
  }

  @Test
  void whoAsksOfflineReadsThatToolsAreLookedFor() throws Exception {
    try (server) {
      assertEquals(
          List.of("Looking for tools…"),
          progress(new OfflineResponder(Duration.ZERO), "Where are my orders?"));
    }
  }

  /// What is told of it; the tool server answers when the first of it has come.
  private List<String> progress(Responder responder, String question) throws IOException {
    ToolServer slow =
        new ToolServer("slow", server.uri(), new TokenUse.None(), Duration.ofSeconds(20));
    List<String> told = new ArrayList<>();
    try (RunningAgent agent = RunningAgent.with(responder, slow);
        Response response =
            agent
                .http
                .newCall(agent.chatKit(RunningAgent.READER, Asking.create(question)))
                .execute()) {
      BufferedSource lines = response.body().source();
      for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
        if (line.contains("progress_update")) {
          JsonNode event = JsonMapper.shared().readTree(line.substring("data: ".length()));
          told.add(event.path("text").stringValue());
          known.countDown();
        }
      }
    }
    return told;
  }
}
