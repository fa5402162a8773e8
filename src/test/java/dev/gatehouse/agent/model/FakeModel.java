package dev.gatehouse.agent.model;

import dev.gatehouse.testing.LeakRecord;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A model's endpoint that speaks by script, one script for each round.
final class FakeModel implements AutoCloseable {
  static final String KEY = "sk-kanarienvogel-0123456789abcdef0123456789";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ScriptedUpstream server;

  private FakeModel(ScriptedUpstream server) {
    this.server = server;
  }

  /// The last script is for all rounds that follow as well.
  static FakeModel running(ScriptedUpstream.Script... rounds) {
    LeakRecord.keep(LeakRecord.Kind.SECRET, KEY);
    AtomicInteger round = new AtomicInteger();
    return new FakeModel(
        ScriptedUpstream.running((request, wire) ->
            rounds[Math.min(round.getAndIncrement(), rounds.length - 1)].answer(request, wire)));
  }

  /// A whole stream of events.
  static ScriptedUpstream.Script events(String... data) {
    return (_, wire) -> {
      wire.send(ScriptedUpstream.eventStream());
      wire.sendChunk(stream(data));
      wire.sendLastChunk();
    };
  }

  static String stream(String... data) {
    return Arrays.stream(data).map(one -> "data: " + one + "\n\n").collect(Collectors.joining());
  }

  /// A head and a body that are no event stream.
  static ScriptedUpstream.Script answer(String status, String type, String body) {
    return (_, wire) ->
        wire.send(
            "HTTP/1.1 %s\r\nContent-Type: %s\r\nLocation: /kanarienvogel\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, type, body.length(), body));
  }

  /// An event with some words.
  static String words(ModelSettings.Api api, String words) {
    return switch (api) {
      case RESPONSES ->
          object()
              .put("type", "response.output_text.delta")
              .put("output_index", 0)
              .put("delta", words)
              .toString();
      case CHAT_COMPLETIONS -> {
        ObjectNode chunk = object();
        chunk
            .putArray("choices")
            .addObject()
            .put("index", 0)
            .putObject("delta")
            .put("content", words);
        yield chunk.toString();
      }
    };
  }

  /// An event with a whole call.
  static String call(ModelSettings.Api api, int index, String id, String name, String arguments) {
    return switch (api) {
      case RESPONSES -> {
        ObjectNode event =
            object().put("type", "response.output_item.done").put("output_index", index);
        event
            .putObject("item")
            .put("id", "fc_" + id)
            .put("type", "function_call")
            .put("call_id", id)
            .put("name", name)
            .put("arguments", arguments);
        yield event.toString();
      }
      case CHAT_COMPLETIONS -> {
        ObjectNode chunk = object();
        chunk
            .putArray("choices")
            .addObject()
            .put("index", 0)
            .putObject("delta")
            .putArray("tool_calls")
            .addObject()
            .put("index", index)
            .put("id", id)
            .put("type", "function")
            .putObject("function")
            .put("name", name)
            .put("arguments", arguments);
        yield chunk.toString();
      }
    };
  }

  /// The event after which there is nothing more.
  static String end(ModelSettings.Api api) {
    return switch (api) {
      case RESPONSES -> "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}";
      case CHAT_COMPLETIONS -> "[DONE]";
    };
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  URI baseUrl() {
    return server.uri().resolve("/v1");
  }

  ModelSettings settings(ModelSettings.Api api) {
    return settings(api, Duration.ofSeconds(20));
  }

  ModelSettings settings(ModelSettings.Api api, Duration silence) {
    return settings(api, silence, Duration.ofMinutes(1));
  }

  ModelSettings settings(ModelSettings.Api api, Duration silence, Duration timeout) {
    return new ModelSettings(
        baseUrl(),
        api,
        "model-1",
        Optional.of(KEY),
        "You help people at Example.",
        silence,
        timeout);
  }

  List<Received> requests() {
    return server.requests();
  }

  Received await() throws InterruptedException {
    return server.await();
  }

  /// What was asked in one round, from 0 on.
  JsonNode prompt(int round) {
    return JSON.readTree(requests().get(round).body());
  }

  /// As a person would read it.
  String pretty(int round) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(prompt(round));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
