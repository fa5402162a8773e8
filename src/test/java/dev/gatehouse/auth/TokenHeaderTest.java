package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenHeaderTest {
  private final RecordedLog log = new RecordedLog();

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void headerOfAnAccessTokenIsAccepted() {
    assertEquals(
        new TokenHeader(JWSAlgorithm.RS256, Optional.of("key-0")), check(header("RS256", "key-0")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "nOnE", "NONE", "", "rs256", "RS512", "RSA", "HS256", "ES256K"})
  void algorithmOutsideTheListIsRefused(String algorithm) {
    assertRefused(header(algorithm, "key-0"), Refusal.ALGORITHM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[\"RS256\"]", "{}"})
  void algorithmOfTheWrongTypeIsRefused(String algorithm) {
    assertRefused("{\"alg\":%s,\"kid\":\"key-0\"}".formatted(algorithm), Refusal.ALGORITHM);
    assertRefused("{\"kid\":\"key-0\"}", Refusal.ALGORITHM);
  }

  @Test
  void keyIdMayHave256Characters() {
    String kid = "k".repeat(256);
    assertEquals(Optional.of(kid), check(header("RS256", kid)).keyId());
  }

  @Test
  void tokenIsLimitedToTheByte() {
    String start = Base64URL.encode(header("RS256", "key-0")) + ".";
    String longest = start + "A".repeat(8192 - start.length() - 5) + ".abcd";
    assertEquals(8192, longest.length());
    assertEquals("abcd", CompactJws.parse(longest).signature().toString());
    String tooLong = longest.replace(".abcd", "A.abcd");
    assertThrows(ProblemException.class, () -> CompactJws.parse(tooLong));
    assertEquals("token refused: TOO_LONG", log.last());
  }

  @Test
  void senselessKeyIdIsRefusedBeforeAnyKeyIsLookedFor() {
    for (String kid : List.of("", "k".repeat(257), "key-0\\u0000", "a\\nb")) {
      assertRefused(header("RS256", kid), Refusal.KEY_ID);
    }
    for (String kid : List.of("1", "null", "[\"key-0\"]")) {
      String header = "{\"alg\":\"RS256\",\"kid\":%s}".formatted(kid);
      assertRefused(header, Refusal.KEY_ID);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"crit\":[\"exp\"],\"exp\":1",
        "\"crit\":[\"b64\"],\"b64\":false",
        "\"crit\":[]",
        "\"crit\":null",
        "\"b64\":false",
        "\"b64\":true"
      })
  void criticalHeaderIsRefused(String members) {
    String header = "{\"alg\":\"RS256\",\"kid\":\"key-0\",%s}".formatted(members);
    assertRefused(header, Refusal.CRITICAL_HEADER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"key-0\"}",
        "{\"alg\":\"RS256\",\"\\u0061lg\":\"RS256\",\"kid\":\"key-0\"}",
        "{\"alg\":\"RS256\",\"kid\":\"key-0\",\"x\":{\"a\":1,\"a\":1}}",
        "{\"alg\":\"RS256\",\"kid\":\"key-0\",\"x\":1e99999999999}",
        "{\"alg\":\"RS256\",\"kid\":\"key-0\"}{}",
        "{\"alg\":\"RS256\",\"kid\":\"key-0\"",
        "[{\"alg\":\"RS256\"}]",
        "\"RS256\"",
        "null",
        " ",
        "\uFEFF{\"alg\":\"RS256\"}"
      })
  void headerThatIsNotOneObjectIsRefused(String header) {
    assertRefused(header, Refusal.MALFORMED_HEADER);
  }

  @Test
  void headerThatIsNotUtf8IsRefused() {
    byte[] header = "{\"alg\":\"RS256\",\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    String token = Base64URL.encode(header) + ".e30.abcd";
    assertThrows(ProblemException.class, () -> CompactJws.parse(token));
    assertEquals("token refused: MALFORMED_HEADER", log.last());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "application/logout+jwt",
        "LOGOUT+JWT",
        "none",
        "",
        "id+jwt"
      })
  void otherTypesAreRefused(String type) {
    assertRefused(typed("\"" + type + "\""), Refusal.TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[\"at+jwt\"]"})
  void typeOfTheWrongTypeIsRefused(String type) {
    assertRefused(typed(type), Refusal.TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt"})
  void typesAreComparedAsMediaTypes(String type) {
    assertEquals(JWSAlgorithm.RS256, check(typed("\"" + type + "\"")).algorithm());
  }

  @Test
  void absentTypeIsAcceptedOnlyWhereNoneIsListed() {
    String header = "{\"alg\":\"RS256\",\"kid\":\"key-0\"}";
    assertEquals(JWSAlgorithm.RS256, check(header).algorithm());
    assertRefused(header, Refusal.TYPE, "at+jwt");
  }

  private static TokenHeader check(String json, String... types) {
    Set<String> accepted = types.length == 0 ? Set.of("at+jwt", "JWT", "none") : Set.of(types);
    CompactJws jws = CompactJws.parse(Base64URL.encode(json) + ".e30.abcd");
    return TokenHeader.check(jws.header(), config(accepted));
  }

  private void assertRefused(String json, Refusal why, String... types) {
    assertThrows(ProblemException.class, () -> check(json, types));
    assertEquals("token refused: " + why, log.last());
  }

  private static IssuerConfig config(Set<String> types) {
    return new IssuerConfig(
        "https://id.example.com",
        Set.of("agent-api"),
        Optional.empty(),
        Set.of("RS256", "PS256", "ES256"),
        types,
        Duration.ofSeconds(30),
        Map.of(),
        List.of(),
        Map.of());
  }

  private static String header(String algorithm, String kid) {
    return "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}".formatted(algorithm, kid);
  }

  private static String typed(String type) {
    return "{\"alg\":\"RS256\",\"kid\":\"key-0\",\"typ\":%s}".formatted(type);
  }
}
