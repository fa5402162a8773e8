package dev.gatehouse.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientModuleTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate = RunningGatehouse.to(upstream);
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/bff/client.js, gatehouse.js, text/javascript;charset=utf-8",
    "/bff/client.d.ts, gatehouse.d.ts, text/plain;charset=utf-8"
  })
  void fileIsServedToAnybody(String path, String file, String type) throws Exception {
    Reply reply = gate.stranger().without("Sec-Fetch-Site").get(path);
    assertEquals(200, reply.status());
    assertArrayEquals(Files.readAllBytes(Path.of("webapp", file)), reply.body());
    assertEquals(type, reply.header("Content-Type").orElseThrow().replace(" ", ""));
    assertEquals(Optional.of("no-cache"), reply.header("Cache-Control"));
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
    assertTrue(reply.header("ETag").orElseThrow().matches("\"[0-9a-f]+\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "\"other\",W/%s", "*"})
  void browserThatHasItIsToldSo(String pattern) {
    String etag = gate.stranger().get("/bff/client.js").header("ETag").orElseThrow();
    Reply reply =
        gate.stranger().with("If-None-Match", pattern.formatted(etag)).get("/bff/client.js");
    assertEquals(304, reply.status());
    assertEquals(Optional.of(etag), reply.header("ETag"));
    assertEquals(0, reply.body().length);
  }

  @Test
  void browserThatHasAnotherGetsIt() {
    Reply reply = gate.stranger().with("If-None-Match", "\"other\"").get("/bff/client.js");
    assertEquals(200, reply.status());
    assertTrue(reply.body().length > 0);
  }

  @Test
  void theTwoFilesHaveDifferentTags() {
    String script = gate.stranger().get("/bff/client.js").header("ETag").orElseThrow();
    String types = gate.stranger().get("/bff/client.d.ts").header("ETag").orElseThrow();
    assertTrue(!script.equals(types));
  }

  @Test
  void itCanOnlyBeRead() {
    Reply reply = gate.stranger().post("/bff/client.js", RequestBody.create(new byte[0]));
    reply.assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
    assertEquals(Optional.of("GET, HEAD"), reply.header("Allow"));
  }

  @Test
  void nothingElseIsThere() {
    gate.stranger().get("/bff/client.js/x").assertProblem(ProblemCode.NOT_FOUND);
    gate.stranger().get("/bff/").assertProblem(ProblemCode.NOT_FOUND);
    gate.stranger().get("/bff/index.html").assertProblem(ProblemCode.NOT_FOUND);
  }
}
