package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {
  /// The order of the group (RFC 8032, 5.1).
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private final KeyPair pair = pair();

  @ParameterizedTest
  @ValueSource(strings = {"EdDSA", "Ed25519"})
  void signatureIsVerifiedUnderBothNames(String name) throws Exception {
    VerificationKey key = key("").orElseThrow();
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    assertTrue(key.algorithms().contains(algorithm));
    assertTrue(key.verifies(signed(name), algorithm));
  }

  @Test
  void exampleOfTheStandardIsVerified() throws Exception {
    // RFC 8032, 7.1, TEST 2.
    HexFormat hex = HexFormat.of();
    String key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    String signature =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    assertTrue(
        Ed25519.verifies(
            Ed25519.publicKey(hex.parseHex(key)), new byte[] {0x72}, hex.parseHex(signature)));
  }

  @Test
  void changedCutAndStretchedSignaturesAreRefused() throws Exception {
    VerificationKey key = key("").orElseThrow();
    CompactJws good = signed("EdDSA");
    byte[] signature = good.signature().decode();
    byte[] flipped = signature.clone();
    flipped[0] ^= 1;
    for (byte[] bad :
        List.of(
            flipped,
            new byte[64],
            new byte[1],
            Arrays.copyOf(signature, 63),
            Arrays.copyOf(signature, 65))) {
      assertFalse(key.verifies(with(good, bad), JWSAlgorithm.EdDSA));
    }
  }

  @Test
  void secondSpellingOfASignatureIsRefused() throws Exception {
    CompactJws good = signed("EdDSA");
    byte[] signature = good.signature().decode();
    byte[] scalar = reversed(Arrays.copyOfRange(signature, 32, 64));
    byte[] other = new BigInteger(1, scalar).add(ORDER).toByteArray();
    byte[] padded = new byte[32];
    System.arraycopy(other, 0, padded, 32 - other.length, other.length);
    System.arraycopy(reversed(padded), 0, signature, 32, 32);
    assertFalse(key("").orElseThrow().verifies(with(good, signature), JWSAlgorithm.EdDSA));
  }

  @Test
  void keyMayFixTheName() {
    assertEquals(
        List.of(JWSAlgorithm.EdDSA),
        List.copyOf(key(",\"alg\":\"EdDSA\"").orElseThrow().algorithms()));
    assertEquals(Optional.empty(), key(",\"alg\":\"ES256\""));
    assertEquals(Optional.empty(), key(",\"use\":\"enc\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","
            + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}"
      })
  void otherKeysAreLeftOut(String jwk) {
    assertEquals(Optional.empty(), VerificationKey.parse(jwk));
  }

  @Test
  void otherAlgorithmsDoNotFitTheKey() {
    KeySet set = new KeySet(List.of(key("").orElseThrow()));
    for (JWSAlgorithm other : List.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256)) {
      assertEquals(List.of(), set.fitting(new TokenHeader(other, Optional.of("ed"))));
    }
    assertEquals(1, set.fitting(new TokenHeader(JWSAlgorithm.EdDSA, Optional.of("ed"))).size());
  }

  private Optional<VerificationKey> key(String more) {
    byte[] info = pair.getPublic().getEncoded();
    Base64URL x = Base64URL.encode(Arrays.copyOfRange(info, info.length - 32, info.length));
    return VerificationKey.parse(
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\",\"x\":\"" + x + "\"" + more + "}");
  }

  private CompactJws signed(String algorithm) throws Exception {
    String input =
        Base64URL.encode("{\"alg\":\"" + algorithm + "\"}") + "." + Base64URL.encode("{}");
    return CompactJws.parse(input + "." + Base64URL.encode(signature(pair.getPrivate(), input)));
  }

  private static byte[] signature(PrivateKey key, String input) throws Exception {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key);
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    return signer.sign();
  }

  private static CompactJws with(CompactJws jws, byte[] signature) {
    return new CompactJws(
        jws.header(), jws.signingInput(), jws.payload(), Base64URL.encode(signature));
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
