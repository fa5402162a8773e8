package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.ProbeServer.Answer;
import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.Origin;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static final String PARTNER = "Origin: https://partner.example.org";
  private static final String ASKS = "Access-Control-Request-Method: POST";

  private static ProbeServer open;
  private static ProbeServer silent;

  @BeforeAll
  static void start() throws Exception {
    open = answering(List.of(new Origin("https", "partner.example.org", 443)));
    silent = answering(List.of());
  }

  @AfterAll
  static void stop() throws Exception {
    open.close();
    silent.close();
  }

  @Test
  void allowedOriginMayReadTheAnswer() throws Exception {
    Answer answer = open.send("GET /", PARTNER);
    assertHeader(answer, "Access-Control-Allow-Origin: https://partner.example.org");
    assertHeader(answer, "Access-Control-Allow-Credentials: true");
    assertHeader(answer, "Access-Control-Expose-Headers: X-Request-Id, X-Gatehouse-Context");
    assertHeader(answer, "Vary: Origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://attacker.example",
        "Origin: null",
        "Origin: https://partner.example.org.attacker.example",
        "X-None: 1"
      })
  void otherOriginsMayNotReadAndCachesAreTold(String origin) throws Exception {
    Answer answer = open.send("GET /", origin);
    assertEquals("relayed", answer.body());
    assertFalse(answer.mentions("Access-Control-Allow-Origin"));
    assertFalse(answer.mentions("Access-Control-Allow-Credentials"));
    assertHeader(answer, "Vary: Origin");
  }

  @Test
  void repeatedOriginMayNotRead() throws Exception {
    assertFalse(open.send("GET /", PARTNER, PARTNER).mentions("Access-Control-Allow-Origin"));
  }

  @Test
  void preflightOfAnAllowedOriginIsAnswered() throws Exception {
    Answer answer =
        open.send(
            "OPTIONS /", PARTNER, ASKS, "Access-Control-Request-Headers: content-type,x-csrf");
    assertEquals(204, answer.status());
    assertHeader(answer, "Access-Control-Allow-Origin: https://partner.example.org");
    assertHeader(answer, "Access-Control-Allow-Credentials: true");
    assertHeader(answer, "Access-Control-Allow-Methods: GET, POST");
    assertHeader(answer, "Access-Control-Allow-Headers: content-type,x-csrf");
    assertHeader(answer, "Access-Control-Max-Age: 600");
    assertHeader(answer, "Vary: Origin");
    assertFalse(answer.mentions("Access-Control-Expose-Headers"), "it went on to the route");
  }

  @Test
  void preflightRepeatsAListOfUpTo1024Characters() throws Exception {
    String asks = "Access-Control-Request-Headers: ";
    String longest = "x".repeat(1024);
    assertHeader(
        open.send("OPTIONS /", PARTNER, ASKS, asks + longest),
        "Access-Control-Allow-Headers: " + longest);
    assertFalse(
        open.send("OPTIONS /", PARTNER, ASKS, asks + longest + "x")
            .mentions("Access-Control-Allow-Headers"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"content type", "a,,b", "x: y", "a, ", "<script>"})
  void preflightDoesNotRepeatWhatIsNoListOfNames(String names) throws Exception {
    Answer answer =
        open.send("OPTIONS /", PARTNER, ASKS, "Access-Control-Request-Headers: " + names);
    assertFalse(answer.mentions("Access-Control-Allow-Headers"), names);
  }

  @Test
  void preflightOfAnotherOriginIsNotAnswered() throws Exception {
    Answer answer = open.send("OPTIONS /", "Origin: https://attacker.example", ASKS);
    assertEquals("relayed", answer.body());
    assertFalse(answer.mentions("Access-Control-Allow-Origin"));
  }

  @Test
  void plainOptionsIsNoPreflight() throws Exception {
    assertEquals("relayed", open.send("OPTIONS /", PARTNER).body());
    assertEquals("relayed", open.send("POST /", PARTNER, ASKS, "Content-Length: 0").body());
  }

  @Test
  void withoutAllowedOriginsNothingIsSaid() throws Exception {
    for (String method : List.of("GET", "OPTIONS")) {
      Answer answer = silent.send(method + " /", PARTNER, ASKS);
      assertEquals("relayed", answer.body());
      assertFalse(answer.headers().stream().anyMatch(line -> line.startsWith("Access-Control")));
      assertFalse(answer.mentions("Vary"));
    }
  }

  private static ProbeServer answering(List<Origin> allowed) throws Exception {
    Cors cors = new Cors(new CrossSiteConfig(CrossSiteConfig.Mode.ENFORCE, allowed, false));
    return ProbeServer.running((request, response) -> {
      if (cors.preflight(request, response, List.of("POST", "GET"))) {
        return "";
      }
      cors.expose(request, response);
      return "relayed";
    });
  }

  private static void assertHeader(Answer answer, String line) {
    assertTrue(answer.headers().contains(line), () -> line + " not in " + answer.headers());
  }
}
