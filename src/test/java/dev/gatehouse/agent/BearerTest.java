package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BearerTest {
  private static final String LIST = Asking.threads("");

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void requestWithoutATokenIsTurnedAway() {
    RunningAgent.Answer answer = agent.send(request().build());
    answer.assertRefused(401);
    assertEquals("Bearer", answer.header("WWW-Authenticate"));
  }

  @Test
  void identityHeaderIsNoSubstituteForAToken() {
    agent.send(request().header("X-User-ID", "reader").build()).assertRefused(401);
  }

  @Test
  void identityHeaderDoesNotChangeWhoIsAsking() {
    agent.ask(RunningAgent.READER, "Mine");
    Request asEditor =
        agent.chatKit(RunningAgent.EDITOR, LIST).newBuilder().header("X-User-ID", "reader").build();
    assertEquals(0, agent.send(asEditor).json().at("/data").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dTpw", "Bearer", "Bearer a b", "Bearer a.b.c", "Bearer =", "x"})
  void headerThatIsNoBearerTokenIsTurnedAway(String header) {
    assertInvalid(agent.send(request().header("Authorization", header).build()));
  }

  @Test
  void twoAuthorizationHeadersAreTurnedAway() {
    String header = "Bearer " + RunningAgent.READER;
    Request twice =
        request().addHeader("Authorization", header).addHeader("Authorization", header).build();
    assertInvalid(agent.send(twice));
  }

  @Test
  void schemeIsFoundInAnyCase() {
    Request lower = request().header("Authorization", "bearer " + RunningAgent.READER).build();
    assertEquals(200, agent.send(lower).status());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void tokenWithABentClaimIsTurnedAway(String what, UnaryOperator<JWTClaimsSet.Builder> bend) {
    assertInvalid(agent.post(AgentIssuer.token(bend), LIST));
  }

  static Stream<Object[]> tokenWithABentClaimIsTurnedAway() {
    Instant now = Instant.now();
    return Stream.of(
        bent("expired", claims -> claims.expirationTime(Date.from(now.minusSeconds(60)))),
        bent("without exp", claims -> claims.claim("exp", null)),
        bent("exp as text", claims -> claims.claim("exp", "never")),
        bent("not yet valid", claims -> claims.notBeforeTime(Date.from(now.plusSeconds(120)))),
        bent("other issuer", claims -> claims.issuer("https://other.example.com")),
        bent("issuer with a slash", claims -> claims.issuer(AgentIssuer.ISSUER + "/")),
        bent("without iss", claims -> claims.issuer(null)),
        bent("other audience", claims -> claims.audience("other")),
        bent("without aud", claims -> claims.claim("aud", null)),
        bent("without sub", claims -> claims.subject(null)),
        bent("blank sub", claims -> claims.subject(" ")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void tokenWithABentHeaderOrSignatureIsTurnedAway(String what, String token) {
    assertInvalid(agent.post(token, LIST));
  }

  static Stream<Object[]> tokenWithABentHeaderOrSignatureIsTurnedAway() {
    JWTClaimsSet.Builder claims = AgentIssuer.goodClaims();
    String good = RunningAgent.READER;
    byte[] publicKey = AgentIssuer.EC.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
    OctetSequenceKey asSecret = new OctetSequenceKey.Builder(publicKey).build();
    return Stream.of(
        token("unsigned", new PlainJWT(claims.build()).serialize()),
        token(
            "signed with the public key",
            AgentIssuer.sign(
                AgentIssuer.header(JWSAlgorithm.HS256, "ec").build(), claims, asSecret)),
        token(
            "signed by a stranger with our kid",
            AgentIssuer.sign(es256("ec").build(), claims, AgentIssuer.ecKey("ec"))),
        token(
            "unknown kid",
            AgentIssuer.sign(es256("other").build(), claims, AgentIssuer.ecKey("other"))),
        token(
            "algorithm that is not ours",
            AgentIssuer.sign(
                AgentIssuer.header(JWSAlgorithm.RS512, "rsa").build(), claims, AgentIssuer.RSA)),
        token(
            "logout token",
            AgentIssuer.sign(
                es256("ec").type(new JOSEObjectType("logout+jwt")).build(),
                claims,
                AgentIssuer.EC)),
        token(
            "unknown crit",
            AgentIssuer.sign(
                es256("ec").criticalParams(Set.of("x")).customParam("x", 1).build(),
                claims,
                AgentIssuer.EC)),
        token("two parts", good.substring(0, good.lastIndexOf('.'))),
        token("signature cut", good.substring(0, good.length() - 4)));
  }

  @Test
  void everyAgreedAlgorithmAndTypeIsAccepted() {
    JWTClaimsSet.Builder claims = AgentIssuer.goodClaims();
    Map<JWSAlgorithm, String> keys =
        Map.of(JWSAlgorithm.RS256, "rsa", JWSAlgorithm.PS256, "rsa", JWSAlgorithm.ES256, "ec");
    keys.forEach((algorithm, key) -> {
      JWSHeader header = AgentIssuer.header(algorithm, key).build();
      var signer = key.equals("rsa") ? AgentIssuer.RSA : AgentIssuer.EC;
      assertEquals(200, agent.post(AgentIssuer.sign(header, claims, signer), LIST).status());
    });
    for (JWSHeader header :
        List.of(es256("ec").type(JOSEObjectType.JWT).build(), es256("ec").type(null).build())) {
      String token = AgentIssuer.sign(header, claims, AgentIssuer.EC);
      assertEquals(200, agent.post(token, LIST).status());
    }
  }

  @Test
  void severalAudiencesAreFineIfOursIsAmongThem() {
    String token =
        AgentIssuer.token(claims -> claims.audience(List.of("other", AgentIssuer.AUDIENCE)));
    assertEquals(200, agent.post(token, LIST).status());
  }

  @Test
  void keysThatCannotBeFetchedAreNotTheUsersFault() {
    agent.issuer.goDown();
    for (int i = 0; i < 5; i++) {
      RunningAgent.Answer answer = agent.post(RunningAgent.READER, LIST);
      answer.assertRefused(503);
      assertEquals("5", answer.header("Retry-After"));
    }
  }

  @Test
  void keysOnceFetchedOutliveAnOutage() {
    assertEquals(200, agent.post(RunningAgent.READER, LIST).status());
    agent.issuer.goDown();
    assertEquals(200, agent.post(RunningAgent.READER, LIST).status());
  }

  @Test
  void floodOfUnknownKeysStaysUnauthorized() {
    for (int i = 0; i < 5; i++) {
      String token =
          AgentIssuer.sign(es256("flood" + i).build(), AgentIssuer.goodClaims(), AgentIssuer.EC);
      assertInvalid(agent.post(token, LIST));
    }
    assertEquals(200, agent.post(RunningAgent.READER, LIST).status());
  }

  private static void assertInvalid(RunningAgent.Answer answer) {
    answer.assertRefused(401);
    assertEquals("Bearer error=\"invalid_token\"", answer.header("WWW-Authenticate"));
    assertFalse(answer.body().contains("eyJ"));
  }

  private Request.Builder request() {
    return agent
        .request("/chatkit")
        .post(RequestBody.create(LIST, MediaType.get("application/json")));
  }

  private static JWSHeader.Builder es256(String keyId) {
    return AgentIssuer.header(JWSAlgorithm.ES256, keyId);
  }

  private static Object[] bent(String what, UnaryOperator<JWTClaimsSet.Builder> bend) {
    return new Object[] {what, bend};
  }

  private static Object[] token(String what, String token) {
    return new Object[] {what, token};
  }
}
