package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.acceptAuth;
import static dev.gatehouse.config.Refusals.assertAuthRefused;
import static dev.gatehouse.config.Refusals.refuse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthConfigTest {

  @Test
  void everyAsymmetricAlgorithmMayBeChosen() {
    String names = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519";
    assertEquals(11, acceptAuth("algorithms: [" + names + "]").algorithms().size());
  }

  @Test
  void unsignedTokensAreNeverAccepted() {
    assertAuthRefused("algorithms: [RS256, none]", "algorithms", "none is never accepted");
    assertAuthRefused("algorithms: [nOnE]", "algorithms", "none is never accepted");
  }

  @Test
  void symmetricAlgorithmsAreNeverAccepted() {
    assertAuthRefused("algorithms: [RS256, HS256]", "algorithms", "can forge");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256K", "Ed448", "RS1", "rs256", "RSA-OAEP", "''"})
  void otherAlgorithmsAreRefused(String name) {
    assertAuthRefused("algorithms: [" + name + "]", "algorithms", "must be among RS256");
  }

  @Test
  void emptyListOfAlgorithmsIsRefused() {
    assertAuthRefused("algorithms: []", "algorithms", "at least one");
  }

  @Test
  void unknownModeIsRefused() {
    assertAuthRefused(
        "mode: none", "mode", "unknown value 'none', use one of: jwt, introspection, passthrough");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example.com",
        "http://localhost.example.com",
        "id.example.com",
        "https://",
        "https://a@id.example.com",
        "https://id.example.com/?x",
        "https://id.example.com#f",
        "ftp://id.example.com",
        "https://id example.com",
        "http://127.0.0.1.example.com",
        "''"
      })
  void issuerThatCannotBeTrustedIsRefused(String issuer) {
    assertThrows(IllegalArgumentException.class, () -> AuthConfig.of(issuer, Set.of("agent-api")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example.com",
        "https://id.example.com/realms/a",
        "http://localhost:8080/a",
        "http://127.0.0.1:1",
        "http://[::1]:1"
      })
  void issuerMayBeHttpsOrOnThisMachine(String issuer) {
    assertEquals(issuer, IssuerConfig.of(issuer, Set.of("agent-api")).issuer());
  }

  @Test
  void refusedIssuerStandsAtItsLine() {
    String text =
        """
        auth:
          audience: [a]
          issuer: http://id.example.com
        routes: [{path: /a, upstream: 'http://h'}]
        """;
    ConfigProblem problem = refuse(text, Map.of()).problems().getFirst();
    assertEquals("auth.issuer", problem.key());
    assertEquals(3, problem.line());
  }

  @Test
  void keysComeFromATrustedUrl() {
    assertEquals(
        Optional.of(URI.create("https://id.example.com/jwks?x=1")),
        acceptAuth("jwks-uri: https://id.example.com/jwks?x=1").jwksUri());
    assertAuthRefused("jwks-uri: http://id.example.com/jwks", "jwks-uri", "must be an https URL");
    assertAuthRefused("jwks-uri: /jwks", "jwks-uri", "must be an https URL");
    assertAuthRefused("jwks-uri: 'a b'", "jwks-uri", "must be a URL");
  }

  @Test
  void audienceIsRequired() {
    for (Set<String> audience : List.of(Set.<String>of(), Set.of(""), Set.of("*", "agent-api"))) {
      assertThrows(
          IllegalArgumentException.class, () -> AuthConfig.of("https://id.example.com", audience));
    }
  }

  @Test
  void starAcceptsAnyAudience() {
    assertTrue(AuthConfig.of("https://id.example.com", Set.of("*")).acceptsAnyAudience());
    assertFalse(AuthConfig.of("https://id.example.com", Set.of("a")).acceptsAnyAudience());
  }

  @Test
  void clockSkewIsAtMostFiveMinutes() {
    assertEquals(Duration.ofMinutes(5), acceptAuth("clock-skew: 5m").clockSkew());
    assertAuthRefused("clock-skew: 301s", "clock-skew", "at most 5m");
  }

  @Test
  void tokensThatAreNoAccessTokensAreRefused() {
    for (String type : List.of("logout+jwt", "DPoP+JWT", "secevent+jwt")) {
      assertAuthRefused("token-types: [" + type + "]", "token-types", "never accepted");
    }
    assertAuthRefused("token-types: []", "token-types", "at least one");
    assertAuthRefused("token-types: ['']", "token-types", "empty");
  }

  @Test
  void scopeWithSpacesIsRefused() {
    assertAuthRefused("required-scopes: [a b]", "required-scopes", "single scopes");
  }

  @Test
  void userClaimsKeepTheirOrder() {
    IssuerConfig auth = acceptAuth("user-claims: {z: sub, a: name, m: email}");
    assertEquals(List.of("z", "a", "m"), List.copyOf(auth.userClaims().keySet()));
    assertAuthRefused("user-claims: {id: ''}", "user-claims", "must name a claim");
  }

  @Test
  void severalFaultsOfOneSectionAreAllReported() {
    String text = Refusals.file("", "algorithms: [none]\n  clock-skew: 6m\n  token-types: []", "");
    assertEquals(
        List.of("auth.algorithms", "auth.clock-skew", "auth.token-types"),
        refuse(text, Map.of()).problems().stream().map(ConfigProblem::key).toList());
  }
}
