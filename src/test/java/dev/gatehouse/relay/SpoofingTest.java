package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SpoofingTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .route(
                "identity-headers: {X-User-ID: sub}", "forward-request-headers: ['X-U*', 'x_u*']")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#identitySpellings")
  void fault24IdentityHeaderOfTheClientNeverArrives(String spelling) throws Exception {
    gate.browser().with(spelling, "mallory").post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    assertEquals(List.of("user-1"), received.headers("X-User-ID"));
    assertFalse(received.head().contains("mallory"), received.head());
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#nominations")
  void fault24ConnectionHeaderCanNotNominateWhatTheGateSets(String name) throws Exception {
    gate.browser().with("Connection", "keep-alive, " + name).post(PATH, Browser.MESSAGE);
    assertEquals(1, upstream.await().headers(name).size());
  }

  @Test
  void fault24AuthorizationOfTheClientIsDropped() throws Exception {
    gate.browser().with("Authorization", "Bearer forged").post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    assertEquals(1, received.headers("Authorization").size());
    assertFalse(received.head().contains("forged"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"userId\":\"mallory\",\"userInfo\":{\"id\":\"mallory\"}}}",
        "{\"metadata\":{\"userInfo\":{\"id\":\"mallory\",\"admin\":true},\"z\":1}}",
        "{\"metadata\":{\"user\\u0049d\":\"mallory\",\"\\u0075serInfo\":\"mallory\"}}",
        "{\"metadata\":{\"userId\":{\"id\":\"mallory\"}},\"params\":{\"input\":{\"metadata\":"
            + "{\"userId\":\"mallory\",\"userInfo\":[\"mallory\"]}}}}"
      })
  void claimedUserInTheBodyIsReplaced(String body) throws Exception {
    gate.browser().post(PATH, body);
    String text = upstream.await().text();
    JsonNode metadata = JsonMapper.shared().readTree(text).get("metadata");
    assertEquals("user-1", metadata.get("userId").asString());
    assertEquals("user-1", metadata.get("userInfo").get("id").asString());
    assertFalse(text.contains("mallory"), text);
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#overrides")
  void fault24OverridesHaveNoEffect(String name) throws Exception {
    gate.browser().with(name, "DELETE /other").post(PATH, Browser.MESSAGE);
    Received received = upstream.await();
    assertEquals("POST /chatkit HTTP/1.1", received.line());
    assertEquals(Optional.empty(), received.header(name));
  }
}
