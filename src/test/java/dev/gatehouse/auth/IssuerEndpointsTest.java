package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.auth.TestIssuer.Answer;
import dev.gatehouse.config.IssuerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How an issuer may misbehave, and where its keys are found.
@Timeout(60)
class IssuerEndpointsTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final BlockingQueue<RefreshResult> results = new ArrayBlockingQueue<>(100);
  private SigningKeys keys = keys(issuer.config(), PATIENT);

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @ParameterizedTest
  @CsvSource({
    "FAILURE, BAD_STATUS",
    "BUSY, BAD_STATUS",
    "BUSY_FOR_EVER, BAD_STATUS",
    "REDIRECT, BAD_STATUS",
    "EMPTY, MALFORMED",
    "TRUNCATED, UNREACHABLE",
    "HUGE, UNREACHABLE",
    "UNREACHABLE, UNREACHABLE"
  })
  void failedRefreshIsToldAndKeepsTheKnownKeys(Answer answer, RefreshResult expected) {
    keys.refresh();
    issuer.answer(answer);
    assertEquals(expected, keys.refresh());
    assertEquals(List.of(RefreshResult.LOADED, expected), List.copyOf(results));
    assertAccepted(issuer.tokenFor("user-1"));
    assertEquals(0, issuer.otherRequests());
  }

  @Test
  void issuerThatWantsToBeAskedAgainAtOnceIsNot() {
    issuer.answer(Answer.BUSY);
    assertEquals(RefreshResult.BAD_STATUS, keys.refresh());
    assertEquals(1, issuer.jwksFetches());
  }

  @Test
  void numberThatJavaCannotReadIsMalformed() {
    issuer.serve("{\"keys\":[],\"x\":1e99999999999}");
    assertEquals(RefreshResult.MALFORMED, keys.refresh());
  }

  @Test
  void nothingIsFetchedOnceItIsClosed() throws Exception {
    IssuerHttp http = new IssuerHttp(PATIENT);
    assertEquals(200, http.get(issuer.jwksUri()).status());
    http.close();
    IssuerException refused = assertThrows(IssuerException.class, () -> http.get(issuer.jwksUri()));
    assertEquals(RefreshResult.UNREACHABLE, refused.result());
    assertEquals(1, issuer.jwksFetches());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "null",
        "\"keys\"",
        "{\"keys\":{}}",
        "{\"keys\":null}",
        "{\"keys\":[],\"keys\":[]}",
        "<html>sign in</html>"
      })
  void keySetOfTheWrongTypeIsMalformed(String json) {
    keys.refresh();
    issuer.serve(json);
    assertEquals(RefreshResult.MALFORMED, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"keys\":[]}", "{\"keys\":[1,null,{},{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"})
  void keySetWithoutAUsableKeyIsTakenForAFault(String json) {
    issuer.serve(json);
    assertEquals(RefreshResult.NO_USABLE_KEY, keys.refresh());
    assertFalse(keys.ready());
    issuer.answer(Answer.KEYS);
    keys.refresh();
    issuer.serve(json);
    assertEquals(RefreshResult.NO_USABLE_KEY, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void slowIssuerIsGivenUpOnAndKeepsTheKnownKeys() {
    keys = keys(issuer.config(), Duration.ofSeconds(2));
    keys.refresh();
    issuer.answer(Answer.SLOW);
    assertEquals(RefreshResult.TIMED_OUT, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void keysAreDiscoveredFromOpenIdMetadata() {
    keys = keys(discovering(issuer.issuer()), PATIENT);
    assertEquals(RefreshResult.LOADED, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void discoveredAddressIsKeptWhileItWorks() {
    keys = keys(discovering(issuer.issuer()), PATIENT);
    keys.refresh();
    assertEquals(RefreshResult.LOADED, keys.refresh());
    assertEquals(2, issuer.jwksFetches());
    assertEquals(1, issuer.metadataRequests().size());
  }

  @Test
  void slashBehindTheIssuerIsNotDoubled() {
    String slash = issuer.issuer() + "/";
    issuer.claimToBe(slash);
    keys = keys(discovering(slash), PATIENT);
    assertEquals(RefreshResult.LOADED, keys.refresh());
    assertEquals(List.of("/.well-known/openid-configuration"), issuer.metadataRequests());
  }

  @Test
  void metadataMayNameASaferAddressThanTheIssuers() {
    issuer.claimKeysAt("https://127.0.0.1:1/keys"); // where nobody listens
    keys = keys(discovering(issuer.issuer()), PATIENT);
    assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
  }

  @Test
  void keysAreDiscoveredFromOAuthMetadata() {
    issuer.hideOpenIdMetadata();
    keys = keys(discovering(issuer.issuer()), PATIENT);
    assertEquals(RefreshResult.LOADED, keys.refresh());
  }

  @Test
  void metadataOfAnIssuerWithAPathIsFoundWhereTheStandardsPutIt() {
    String realm = issuer.issuer() + "/realm";
    issuer.claimToBe(realm);
    issuer.hideOpenIdMetadata();
    keys = keys(discovering(realm), PATIENT);
    assertEquals(RefreshResult.LOADED, keys.refresh());
    assertEquals(
        List.of(
            "/realm/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/realm"),
        issuer.metadataRequests());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/jwks", "ftp://127.0.0.1/jwks", "file:///dev/null", "http:", "not a URL"})
  void metadataMustNameAnHttpAddress(String address) {
    issuer.claimKeysAt(address);
    keys = keys(discovering(issuer.issuer()), PATIENT);
    assertEquals(RefreshResult.MALFORMED, keys.refresh());
  }

  @Test
  void metadataOfAnotherIssuerIsNotBelieved() {
    issuer.claimToBe(issuer.issuer() + "/");
    keys = keys(discovering(issuer.issuer()), PATIENT);
    assertEquals(RefreshResult.WRONG_ISSUER, keys.refresh());
    assertEquals(0, issuer.jwksFetches());
  }

  @Test
  void discoveryIsRepeatedWhenTheKeysHaveMoved() {
    keys = keys(discovering(issuer.issuer()), PATIENT);
    keys.refresh();
    issuer.answer(Answer.FAILURE);
    assertEquals(RefreshResult.BAD_STATUS, keys.refresh());
    issuer.claimToBe("https://other.example.com");
    issuer.answer(Answer.KEYS);
    assertEquals(RefreshResult.WRONG_ISSUER, keys.refresh());
  }

  @Test
  void failureIsLoggedWithoutTheAnswer() {
    try (RecordedLog log = new RecordedLog()) {
      issuer.serve("{\"canary\":");
      keys.refresh();
      assertEquals(
          List.of("signing keys could not be refreshed: malformed (answer)"), log.warnings());
    }
  }

  // A fresh verifier each time, so that no cache answers in place of the keys.
  private Caller verify(String token) {
    return new TokenVerifier(issuer.config(), keys, clock).verify(token);
  }

  private void assertAccepted(String token) {
    assertEquals("user-1", verify(token).subject());
  }

  private SigningKeys keys(IssuerConfig config, Duration timeout) {
    return new SigningKeys(new IssuerEndpoints(config, timeout), clock, results::add);
  }

  private IssuerConfig discovering(String name) {
    IssuerConfig usual = issuer.config();
    return new IssuerConfig(
        name,
        usual.audience(),
        Optional.empty(),
        usual.algorithms(),
        usual.tokenTypes(),
        usual.clockSkew(),
        usual.requiredClaims(),
        usual.requiredScopes(),
        usual.userClaims());
  }
}
