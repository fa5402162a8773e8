package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {
  private static final String GOOD = TestIssuer.rsaKey("good").toPublicJWK().toJSONString();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "[]",
        "{}",
        "{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"kid\":\"bad\"}",
        "{\"kty\":\"new\",\"kid\":\"bad\"}",
        "{\"kty\":\"RSA\",\"kid\":\"bad\"}",
        "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\",\"kid\":\"bad\"}",
        "{\"kty\":\"RSA\",\"n\":7,\"e\":[],\"kid\":\"bad\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\",\"kid\":\"bad\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-999\",\"x\":\"AQ\",\"y\":\"AQ\",\"kid\":\"bad\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AQ\",\"kid\":\"bad\"}"
      })
  void brokenKeyDoesNotTakeTheGoodOneDown(String bad) throws Exception {
    assertEquals(List.of("good"), usable(bad, GOOD));
    assertEquals(List.of("good"), usable(GOOD, bad));
  }

  @Test
  void privateKeyIsLeftOut() throws Exception {
    assertEquals(List.of("good"), usable(TestIssuer.rsaKey("private").toJSONString(), GOOD));
    assertEquals(List.of("good"), usable(TestIssuer.ecKey("private-ec").toJSONString(), GOOD));
  }

  @Test
  void shortRsaKeyIsLeftOut() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    JWK weak =
        new RSAKey.Builder((RSAPublicKey) generator.generateKeyPair().getPublic())
            .keyID("weak")
            .build();
    assertEquals(List.of("good"), usable(weak.toJSONString(), GOOD));
  }

  @Test
  void keyForOtherPurposesIsLeftOut() throws Exception {
    RSAKey rsa = TestIssuer.rsaKey("other").toPublicJWK().toRSAKey();
    JWK wraps =
        new RSAKey.Builder(rsa.toRSAPublicKey())
            .keyOperations(Set.of(KeyOperation.WRAP_KEY))
            .build();
    JWK encrypts =
        new RSAKey.Builder(rsa.toRSAPublicKey()).algorithm(JWSAlgorithm.parse("RSA-OAEP")).build();
    assertEquals(List.of("good"), usable(wraps.toJSONString(), encrypts.toJSONString(), GOOD));
    JWK verifies =
        new RSAKey.Builder(rsa.toRSAPublicKey())
            .keyID("verifies")
            .keyOperations(Set.of(KeyOperation.VERIFY))
            .build();
    assertEquals(List.of("verifies", "good"), usable(verifies.toJSONString(), GOOD));
  }

  @Test
  void curveDecidesTheAlgorithm() throws Exception {
    ECKey wide = new ECKeyGenerator(Curve.P_384).keyID("wide").generate();
    KeySet set = set(wide.toPublicJWK().toJSONString());
    assertEquals(1, set.fitting(header(JWSAlgorithm.ES384, "wide")).size());
    assertEquals(0, set.fitting(header(JWSAlgorithm.ES256, "wide")).size());
    assertEquals(0, set.fitting(header(JWSAlgorithm.RS256, "wide")).size());
  }

  @Test
  void keyVerifiesNothingByAnAlgorithmOfAnotherKind() throws Exception {
    VerificationKey rsa = set(GOOD).keys().getFirst();
    try (TestIssuer issuer = TestIssuer.start()) {
      issuer.signWith(TestIssuer.rsaKey("good"));
      CompactJws token = CompactJws.parse(issuer.tokenFor("user-1"));
      assertTrue(rsa.verifies(token, JWSAlgorithm.RS256));
      assertFalse(rsa.verifies(token, JWSAlgorithm.ES256));
      assertFalse(rsa.verifies(token, JWSAlgorithm.HS256));
    }
  }

  @Test
  void keysThatShareAnIdAreAllTried() throws Exception {
    String ec = TestIssuer.ecKey("shared-ec").toPublicJWK().toJSONString();
    KeySet set = set(GOOD, GOOD, ec.replace("shared-ec", "good"));
    assertEquals(2, set.fitting(header(JWSAlgorithm.RS256, "good")).size());
    assertEquals(1, set.fitting(header(JWSAlgorithm.ES256, "good")).size());
  }

  @Test
  void numberOfTriesIsBounded() throws Exception {
    String[] many = new String[100];
    Arrays.fill(many, GOOD);
    assertEquals(
        16, set(many).fitting(new TokenHeader(JWSAlgorithm.RS256, Optional.empty())).size());
  }

  @Test
  void setWithoutUsableKeyIsRefused() {
    IssuerException e = assertThrows(IssuerException.class, () -> set("{}"));
    assertEquals(RefreshResult.NO_USABLE_KEY, e.result());
  }

  private static TokenHeader header(JWSAlgorithm algorithm, String kid) {
    return new TokenHeader(algorithm, Optional.of(kid));
  }

  private static List<String> usable(String... keys) throws IssuerException {
    return set(keys).keys().stream().map(key -> key.keyId().orElse("none")).toList();
  }

  private static KeySet set(String... keys) throws IssuerException {
    String json = "{\"keys\":[" + String.join(",", keys) + "]}";
    return KeySet.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
