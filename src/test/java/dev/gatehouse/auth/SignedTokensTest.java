package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.auth.TestIssuer.Answer;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several issuers side by side.
@Timeout(60)
class SignedTokensTest {
  private final SettableClock clock = new SettableClock();
  private final TestIssuer first = TestIssuer.start(clock);
  private final TestIssuer second = TestIssuer.start(clock);
  private final RecordedLog log = new RecordedLog();
  private final BlockingQueue<String> refreshes = new LinkedBlockingQueue<>();
  private final List<TokenJudge> opened = new ArrayList<>();

  SignedTokensTest() {
    second.signWith(TestIssuer.ecKey("second"));
    second.remove("key-0");
  }

  @AfterEach
  void stop() {
    opened.forEach(TokenJudge::close);
    first.close();
    second.close();
    log.close();
  }

  @Test
  void tokenIsJudgedByItsOwnIssuer() throws Exception {
    TokenJudge judge = bothReady();
    assertEquals("a", judge.judge(first.tokenFor("a")).subject());
    assertEquals("b", judge.judge(second.tokenFor("b")).subject());
    assertEquals("a", judge.judge(first.tokenFor("a")).subject());
  }

  @Test
  void keysOfOneIssuerNeverVerifyTokensOfAnother() throws Exception {
    TokenJudge judge = bothReady();
    String claims = first.claims(_ -> {});
    String header = "{\"alg\":\"ES256\",\"kid\":\"second\"}";
    String forged = TestIssuer.sign(second.signer(), JWSAlgorithm.ES256, header, claims);
    assertRefused(judge, forged, Refusal.NO_FITTING_KEY);
    String unnamed = "{\"alg\":\"ES256\"}";
    assertRefused(
        judge,
        TestIssuer.sign(second.signer(), JWSAlgorithm.ES256, unnamed, claims),
        Refusal.NO_FITTING_KEY);
  }

  @Test
  void sharedKeyIdIsNoSharedKey() throws Exception {
    second.signWith(TestIssuer.rsaKey("other-key"));
    TokenJudge judge = bothReady();
    String header = "{\"alg\":\"RS256\",\"kid\":\"key-0\"}";
    assertRefused(
        judge,
        TestIssuer.sign(second.signer(), JWSAlgorithm.RS256, header, first.claims(_ -> {})),
        Refusal.SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://unknown.example.com", "", "%s/", " %s", "%S"})
  void unknownIssuerIsRefusedBeforeAnyKeyIsLookedAt(String name) {
    first.answer(Answer.FAILURE);
    second.answer(Answer.FAILURE);
    TokenJudge judge = open(first.config(), second.config());
    String iss = name.formatted(first.issuer());
    assertRefused(judge, first.token(claims -> claims.issuer(iss)), Refusal.ISSUER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"iss\":null}", "{\"iss\":7}", "{\"iss\":[\"%s\"]}"})
  void issuerThatIsNoTextIsRefused(String claims) throws Exception {
    String text = claims.formatted(first.issuer());
    assertRefused(bothReady(), first.sign(first.header(), text), Refusal.ISSUER);
  }

  @Test
  void issuerNamedTwiceIsRefused() throws Exception {
    String claims = "{\"iss\":\"%s\",\"iss\":\"%s\"}".formatted(first.issuer(), second.issuer());
    assertRefused(bothReady(), first.sign(first.header(), claims), Refusal.MALFORMED_CLAIMS);
  }

  @Test
  void audienceAndAlgorithmsAreOfTheIssuer() throws Exception {
    TokenJudge judge =
        ready(first.config(), changed(second.config(), Set.of("other-api"), Set.of("RS256")));
    assertRefused(judge, second.tokenFor("b"), Refusal.ALGORITHM);
    TokenJudge lenient =
        ready(first.config(), changed(second.config(), Set.of("other-api"), Set.of("ES256")));
    assertRefused(lenient, second.tokenFor("b"), Refusal.AUDIENCE);
    assertRefused(lenient, first.token(claims -> claims.audience("other-api")), Refusal.AUDIENCE);
    assertEquals(
        "user-1", lenient.judge(second.token(claims -> claims.audience("other-api"))).subject());
  }

  @Test
  void oneIssuerThatIsDownDoesNotTakeTheOtherAlong() throws Exception {
    second.answer(Answer.FAILURE);
    TokenJudge judge = open(first.config(), second.config());
    await(first, "loaded");
    await(second, "bad-status");
    assertEquals("a", judge.judge(first.tokenFor("a")).subject());
    ProblemException e =
        assertThrows(ProblemException.class, () -> judge.judge(second.tokenFor("b")));
    assertEquals(ProblemCode.KEYS_UNAVAILABLE, e.problem().code());
    assertEquals(List.of(true, false), held(judge));
  }

  @Test
  void conditionsNameTheIssuersWhereThereAreSeveral() throws Exception {
    TokenJudge both = bothReady();
    assertEquals(
        List.of("signing-keys " + first.issuer(), "signing-keys " + second.issuer()),
        List.copyOf(both.conditions().keySet()));
    assertEquals(List.of(true, true), held(both));
    assertEquals(List.of("signing-keys"), List.copyOf(ready(first.config()).conditions().keySet()));
  }

  private TokenJudge open(IssuerConfig... configs) {
    AuthListener listener =
        new AuthListener() {
          @Override
          public void keysRefreshed(String issuer, RefreshResult result) {
            refreshes.add(issuer + " " + result.text());
          }

          @Override
          public void introspected(String result) {}
        };
    TokenJudge judge = SignedTokens.open(List.of(configs), clock, listener);
    opened.add(judge);
    return judge;
  }

  private TokenJudge ready(IssuerConfig... configs) throws Exception {
    TokenJudge judge = open(configs);
    for (IssuerConfig config : configs) {
      await(config.issuer().equals(first.issuer()) ? first : second, "loaded");
    }
    return judge;
  }

  private TokenJudge bothReady() throws Exception {
    return ready(first.config(), second.config());
  }

  private void await(TestIssuer issuer, String result) throws InterruptedException {
    String wanted = issuer.issuer() + " " + result;
    List<String> others = new ArrayList<>();
    for (String next = refreshes.take(); !next.equals(wanted); next = refreshes.take()) {
      others.add(next);
    }
    refreshes.addAll(others);
  }

  private void assertRefused(TokenJudge judge, String token, Refusal why) {
    ProblemException e = assertThrows(ProblemException.class, () -> judge.judge(token));
    assertEquals(ProblemCode.INVALID_TOKEN, e.problem().code());
    assertTrue(log.lines().contains("token refused: " + why), log.lines().toString());
  }

  private static List<Boolean> held(TokenJudge judge) {
    return judge.conditions().values().stream().map(BooleanSupplier::getAsBoolean).toList();
  }

  private static IssuerConfig changed(
      IssuerConfig config, Set<String> audience, Set<String> algorithms) {
    return new IssuerConfig(
        config.issuer(),
        audience,
        config.jwksUri(),
        algorithms,
        config.tokenTypes(),
        config.clockSkew(),
        config.requiredClaims(),
        config.requiredScopes(),
        config.userClaims());
  }
}
