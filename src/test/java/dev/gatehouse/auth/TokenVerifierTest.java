package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The form and signature of tokens; what headers and claims may say has tests of its own.
class TokenVerifierTest {
  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final RecordedLog log = new RecordedLog();
  private final SigningKeys keys =
      new SigningKeys(new IssuerEndpoints(issuer.config(), Duration.ofSeconds(5)), clock, _ -> {});
  private TokenVerifier verifier = new TokenVerifier(issuer.config(), keys, clock);

  @BeforeEach
  void loadKeys() {
    assertEquals(RefreshResult.LOADED, keys.refresh());
  }

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
    log.close();
  }

  @Test
  void tokenOfTheIssuerIsAccepted() {
    String token = issuer.tokenFor("user-7");
    Caller caller = verifier.verify(token);
    assertEquals("user-7", caller.subject());
    assertEquals(token, caller.bearer());
    assertEquals(clock.instant().plus(Duration.ofMinutes(10)), caller.expiresAt());
  }

  @Test
  void es256AndPs256TokensAreAccepted() {
    issuer.signWith(TestIssuer.ecKey("ec"));
    keys.refresh();
    assertAccepted(issuer.tokenFor("user-1"));
    JWK rsa = TestIssuer.rsaKey("key-0");
    assertAccepted(
        TestIssuer.sign(rsa, JWSAlgorithm.PS256, header("PS256", "key-0"), issuer.claims(_ -> {})));
  }

  @Test
  void unsignedTokenIsRefused() {
    String signed = issuer.sign(header("none", "key-0"), defaultClaims());
    assertRefused(signed.substring(0, signed.lastIndexOf('.') + 1), Refusal.NOT_A_COMPACT_JWS);
  }

  @Test
  void hs256SignedWithThePublicKeyIsRefused() throws Exception {
    byte[] publicKey = ((RSAKey) issuer.signer()).toRSAPublicKey().getEncoded();
    JWK secret = new OctetSequenceKey.Builder(publicKey).build();
    String token =
        TestIssuer.sign(secret, JWSAlgorithm.HS256, header("HS256", "key-0"), defaultClaims());
    assertRefused(token, Refusal.ALGORITHM);
  }

  @Test
  void secretInTheKeySetIsNoKey() throws Exception {
    JWK secret = new OctetSequenceKey.Builder(new byte[32]).keyID("secret").build();
    issuer.publish(secret);
    keys.refresh();
    assertRefused(
        TestIssuer.sign(secret, JWSAlgorithm.HS256, header("HS256", "secret"), defaultClaims()),
        Refusal.ALGORITHM);
    assertRefused(issuer.sign(header("RS256", "secret"), defaultClaims()), Refusal.NO_FITTING_KEY);
  }

  @Test
  void algorithmThatDoesNotFitTheKeyIsRefused() {
    assertRefused(issuer.sign(header("ES256", "key-0"), defaultClaims()), Refusal.NO_FITTING_KEY);
    JWK onlyRs256 =
        new RSAKey.Builder((RSAKey) TestIssuer.rsaKey("only"))
            .algorithm(JWSAlgorithm.RS256)
            .build();
    issuer.publish(onlyRs256);
    keys.refresh();
    assertRefused(
        TestIssuer.sign(
            onlyRs256.toRSAKey(), JWSAlgorithm.RS256, header("PS256", "only"), defaultClaims()),
        Refusal.NO_FITTING_KEY);
  }

  @Test
  void signatureOfAnotherAlgorithmIsRefused() {
    assertRefused(issuer.sign(header("PS256", "key-0"), defaultClaims()), Refusal.SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "../../../../dev/null",
        "key-0' OR '1'='1",
        "http://127.0.0.1/key",
        "KEY-0",
        "key-0 "
      })
  void unknownKeyIdIsRefused(String kid) {
    assertRefused(issuer.sign(header("RS256", kid), defaultClaims()), Refusal.NO_FITTING_KEY);
  }

  @Test
  void keyIdOfTenKilobytesIsRefused() {
    String header = header("RS256", "k".repeat(10_000));
    assertRefused(issuer.sign(header, defaultClaims()), Refusal.TOO_LONG);
  }

  @Test
  void tokenWithoutKeyIdIsTriedAgainstTheKeysThatFit() {
    String header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}";
    assertAccepted(issuer.sign(header, defaultClaims()));
    JWK stranger = TestIssuer.rsaKey("stranger");
    assertRefused(
        TestIssuer.sign(stranger, JWSAlgorithm.RS256, header, defaultClaims()), Refusal.SIGNATURE);
  }

  @Test
  void keyThatIsNotForSigningIsRefused() {
    JWK encryption =
        new RSAKey.Builder((RSAKey) TestIssuer.rsaKey("enc")).keyUse(KeyUse.ENCRYPTION).build();
    issuer.publish(encryption);
    keys.refresh();
    assertRefused(
        TestIssuer.sign(
            TestIssuer.rsaKey("enc"), JWSAlgorithm.RS256, header("RS256", "enc"), defaultClaims()),
        Refusal.NO_FITTING_KEY);
  }

  @Test
  void keysThatTheTokenBringsAlongAreIgnored() {
    try (TestIssuer canary = TestIssuer.start(clock)) {
      JWK attacker = TestIssuer.rsaKey("attacker");
      String brought =
          "\"jku\":\"%s\",\"x5u\":\"%s/x5u\",\"jwk\":%s,\"x5c\":[\"MIIB\"]"
              .formatted(canary.jwksUri(), canary.issuer(), attacker.toPublicJWK());
      String header = "{\"alg\":\"RS256\",\"kid\":\"%s\"," + brought + "}";
      for (String kid : List.of("key-0", "attacker")) {
        String token =
            TestIssuer.sign(attacker, JWSAlgorithm.RS256, header.formatted(kid), defaultClaims());
        assertEquals(ProblemCode.INVALID_TOKEN, refusal(token).code());
      }
      assertAccepted(issuer.sign(header.formatted("key-0"), defaultClaims()));
      assertEquals(0, canary.jwksFetches() + canary.otherRequests());
    }
  }

  @Test
  void otherSerialisationsAreRefused() {
    String[] parts = issuer.tokenFor("user-1").split("\\.", -1);
    String json =
        "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}"
            .formatted((Object[]) parts);
    assertRefused(json, Refusal.NOT_A_COMPACT_JWS);
  }

  @Test
  void otherNumbersOfPartsAreRefused() {
    String token = issuer.tokenFor("user-1");
    assertRefused("", Refusal.NOT_A_COMPACT_JWS);
    assertRefused(token.substring(0, token.lastIndexOf('.')), Refusal.NOT_A_COMPACT_JWS);
    assertRefused(token + ".", Refusal.NOT_A_COMPACT_JWS);
    assertRefused(token + ".abcd", Refusal.NOT_A_COMPACT_JWS);
    assertRefused(token + ".abcd.abcd", Refusal.NOT_A_COMPACT_JWS);
  }

  @Test
  void encryptedTokenIsRefused() {
    String header = Base64URL.encode("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}").toString();
    assertRefused(header + ".abcd.abcd.abcd.abcd", Refusal.NOT_A_COMPACT_JWS);
  }

  @Test
  void otherSpellingsOfBase64AreRefused() {
    String token = issuer.tokenFor("user-1");
    for (String other :
        List.of(token + "=", token + "==", " " + token, token + "\n", "%" + token)) {
      assertRefused(other, Refusal.NOT_A_COMPACT_JWS);
    }
    // 256 bytes end in a character of which only the two upper bits count.
    char last = token.charAt(token.length() - 1);
    String strayBits = token.substring(0, token.length() - 1) + (char) (last + 1);
    assertRefused(strayBits, Refusal.NOT_A_COMPACT_JWS);
  }

  @Test
  void changedOrCutSignatureIsRefused() {
    String token = issuer.tokenFor("user-1");
    int start = token.lastIndexOf('.') + 1;
    char first = token.charAt(start);
    String flipped =
        token.substring(0, start) + (first == 'A' ? 'B' : 'A') + token.substring(start + 1);
    assertRefused(flipped, Refusal.SIGNATURE);
    assertRefused(token.substring(0, start + 340), Refusal.SIGNATURE);
    assertRefused(token + "AAAA", Refusal.SIGNATURE);
  }

  @Test
  void changedClaimsAreRefused() {
    String[] parts = issuer.tokenFor("user-1").split("\\.", -1);
    String forged = issuer.claims(claims -> claims.subject("admin"));
    assertRefused(parts[0] + "." + Base64URL.encode(forged) + "." + parts[2], Refusal.SIGNATURE);
  }

  @Test
  void es256SignatureOfZerosIsRefused() {
    issuer.signWith(TestIssuer.ecKey("ec"));
    keys.refresh();
    String token = issuer.tokenFor("user-1");
    String input = token.substring(0, token.lastIndexOf('.') + 1);
    byte[] signature = new Base64URL(token.substring(input.length())).decode();
    byte[] zeroR = signature.clone();
    Arrays.fill(zeroR, 0, 32, (byte) 0);
    byte[] zeroS = signature.clone();
    Arrays.fill(zeroS, 32, 64, (byte) 0);
    for (byte[] broken : List.of(new byte[64], zeroR, zeroS, new byte[63], new byte[1])) {
      assertRefused(input + Base64URL.encode(broken), Refusal.SIGNATURE);
    }
  }

  @Test
  void keyThatWasTakenBackNoLongerOpensTheCache() {
    String token = issuer.tokenFor("user-1");
    assertAccepted(token);
    issuer.rotate();
    issuer.remove("key-0");
    keys.refresh();
    assertRefused(token, Refusal.NO_FITTING_KEY);
  }

  @Test
  void cachedTokenExpires() {
    String token = issuer.tokenFor("user-1");
    assertAccepted(token);
    clock.advance(Duration.ofMinutes(10).plusSeconds(29));
    assertAccepted(token);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(token, Refusal.EXPIRED);
  }

  @Test
  void rememberedTokenIsNotVerifiedAgain() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    VerificationKey real = keys.current().keys().getFirst();
    Set<JWSAlgorithm> counted =
        new HashSet<>(real.algorithms()) {
          private static final long serialVersionUID = 1;

          @Override
          public boolean contains(Object algorithm) {
            looks.incrementAndGet();
            return super.contains(algorithm);
          }
        };
    KeySet set = new KeySet(List.of(new VerificationKey(real.keyId(), counted, real.publicKey())));
    try (SigningKeys counting = new SigningKeys(new Published(set), clock, _ -> {})) {
      counting.refresh();
      TokenVerifier remembering = new TokenVerifier(issuer.config(), counting, clock);
      String token = issuer.tokenFor("user-1");
      for (int i = 0; i < 3; i++) {
        assertEquals("user-1", remembering.verify(token).subject());
      }
      assertEquals(1, looks.get());
      remembering.verify(issuer.tokenFor("user-2"));
      assertEquals(2, looks.get());
    }
  }

  private record Published(KeySet fetch) implements KeySource {
    @Override
    public Duration patience() {
      return Duration.ofHours(1);
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }

  @Test
  void rememberedTokenCostsLittle() {
    String token = issuer.tokenFor("user-1");
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) { // the machine may do other things too
      best = Math.min(best, medianNanos(token));
    }
    long median = best;
    assertTrue(median < 100_000, () -> "median of " + median + " ns");
  }

  private long medianNanos(String token) {
    long[] nanos = new long[1_000];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      verifier.verify(token);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  @Test
  void duplicateMembersInClaimsAreRefused() {
    String twice = defaultClaims().replaceFirst("\\{", "{\"sub\":\"admin\",");
    assertRefused(issuer.sign(issuer.header(), twice), Refusal.MALFORMED_CLAIMS);
  }

  @Test
  void edDsaIsRefusedUnlessItIsListed() {
    assertRefused(issuer.sign(header("EdDSA", "key-0"), defaultClaims()), Refusal.ALGORITHM);
    assertRefused(issuer.sign(header("Ed25519", "key-0"), defaultClaims()), Refusal.ALGORITHM);
  }

  @Test
  void cacheDoesNotConfuseTokens() {
    assertEquals("user-1", verifier.verify(issuer.tokenFor("user-1")).subject());
    assertEquals("user-2", verifier.verify(issuer.tokenFor("user-2")).subject());
    assertEquals("user-1", verifier.verify(issuer.tokenFor("user-1")).subject());
  }

  @Test
  void refusalsCarryTheChallengeAndNothingOfTheToken() {
    Consumer<JWTClaimsSet.Builder> canary =
        claims -> claims.subject("canary-subject").issuer("canary-issuer");
    Problem problem = refusal(issuer.token(canary));
    assertEquals("Bearer error=\"invalid_token\"", problem.headers().get("WWW-Authenticate"));
    assertFalse(problem.toString().contains("canary"));
    refusal(issuer.sign("{\"alg\":\"canary-alg\"}", "{\"sub\":\"canary\"}"));
    refusal(issuer.sign("{\"canary-broken", "{\"sub\":\"canary\"}"));
    refusal(issuer.sign(header("RS256", "canary-kid"), "{\"sub\":\"canary\"}"));
    assertEquals(List.of(), log.lines().stream().filter(line -> line.contains("canary")).toList());
    assertEquals(1, log.lines().stream().filter(line -> line.endsWith("ISSUER")).count());
  }

  @Test
  void expiredTokenWithABadSignatureIsNotCalledExpired() {
    String expired =
        issuer.claims(claims -> claims.expirationTime(Date.from(clock.instant().minusSeconds(60))));
    JWK stranger = TestIssuer.rsaKey("stranger");
    assertRefused(
        TestIssuer.sign(stranger, JWSAlgorithm.RS256, header("RS256", "key-0"), expired),
        Refusal.SIGNATURE);
  }

  private void assertAccepted(String token) {
    assertEquals("user-1", verifier.verify(token).subject());
  }

  private void assertRefused(String token, Refusal why) {
    refusal(token);
    assertEquals("token refused: " + why, log.last());
  }

  private Problem refusal(String token) {
    return assertThrows(ProblemException.class, () -> verifier.verify(token)).problem();
  }

  private String defaultClaims() {
    return issuer.claims(_ -> {});
  }

  private static String header(String algorithm, String kid) {
    return "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}".formatted(algorithm, kid);
  }
}
