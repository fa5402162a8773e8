package dev.gatehouse.auth;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.text.ParseException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A public key that may verify signatures, and by which algorithms.
record VerificationKey(Optional<String> keyId, Set<JWSAlgorithm> algorithms, PublicKey publicKey) {
  private static final int MIN_RSA_BITS = 2048;

  /// The key this JWK (RFC 7517) holds, unless it is broken, weak, secret or meant for something
  /// else.
  static Optional<VerificationKey> parse(String json) {
    try {
      JWK jwk = JWK.parse(json);
      return isForVerifying(jwk) ? of(jwk) : Optional.empty();
    } catch (ParseException | JOSEException | RuntimeException _) {
      // Nimbus reports broken points and numbers in either way.
      return Optional.empty();
    }
  }

  /// Whether the signature over the token is this key's.
  boolean verifies(CompactJws token, JWSAlgorithm algorithm) {
    byte[] input = token.signingInput().getBytes(StandardCharsets.US_ASCII);
    if (publicKey instanceof EdECPublicKey) {
      return Ed25519.verifies(publicKey, input, token.signature().decode());
    }
    // A header of our own: what the token's header brings along stays unread.
    JWSHeader header = new JWSHeader(algorithm);
    try {
      return new DefaultJWSVerifierFactory()
          .createJWSVerifier(header, publicKey)
          .verify(header, input, token.signature());
    } catch (JOSEException _) {
      return false;
    }
  }

  // A key set is public: a secret or private key in it proves nothing.
  private static boolean isForVerifying(JWK jwk) {
    return !jwk.isPrivate()
        && (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
        && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Optional<VerificationKey> of(JWK jwk) throws JOSEException {
    // No switch: Java links one over types anew at each start.
    if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
      return of(jwk, JWSAlgorithm.Family.RSA, rsa.toPublicKey());
    }
    if (jwk instanceof ECKey ec) {
      return of(jwk, algorithms(ec.getCurve()), ec.toPublicKey());
    }
    if (jwk instanceof OctetKeyPair okp && okp.getCurve().equals(Curve.Ed25519)) {
      return of(jwk, Ed25519.ALGORITHMS, Ed25519.publicKey(okp.getDecodedX()));
    }
    return Optional.empty();
  }

  private static Optional<VerificationKey> of(
      JWK jwk, Set<JWSAlgorithm> fitting, PublicKey publicKey) {
    Set<JWSAlgorithm> algorithms = new HashSet<>(fitting);
    Algorithm only = jwk.getAlgorithm();
    if (only != null) {
      algorithms.removeIf(algorithm -> !algorithm.getName().equals(only.getName()));
    }
    return algorithms.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new VerificationKey(
                Optional.ofNullable(jwk.getKeyID()), Set.copyOf(algorithms), publicKey));
  }

  private static Set<JWSAlgorithm> algorithms(Curve curve) {
    Set<JWSAlgorithm> algorithms = new HashSet<>(JWSAlgorithm.Family.EC);
    algorithms.removeIf(algorithm -> !Curve.forJWSAlgorithm(algorithm).contains(curve));
    return algorithms;
  }
}
