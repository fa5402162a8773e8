package dev.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/// Ed25519 signatures (RFC 8032) under both of their names (RFC 8037, RFC 9864), by Java itself:
/// Nimbus would need one more library for them.
final class Ed25519 {
  static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  private static final int KEY_BYTES = 32;
  // SubjectPublicKeyInfo of an Ed25519 key up to the key (RFC 8410, 4).
  private static final String PREFIX = "302a300506032b6570032100";

  private Ed25519() {}

  /// The key whose encoding (RFC 8032, 5.1.2) this is.
  static PublicKey publicKey(byte[] encoded) throws JOSEException {
    if (encoded.length != KEY_BYTES) {
      throw new JOSEException("wrong length");
    }
    byte[] prefix = HexFormat.of().parseHex(PREFIX);
    byte[] info = ByteBuffer.allocate(prefix.length + KEY_BYTES).put(prefix).put(encoded).array();
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("no key", e);
    }
  }

  static boolean verifies(PublicKey key, byte[] input, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(input);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
