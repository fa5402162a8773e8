package dev.gatehouse.http;

import dev.gatehouse.config.Secret;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names that stand for users and addresses, in the audit log and before the model: keyed hashes,
/// so that only who has the key can tell by trying whom one belongs to.
public final class Pseudonyms {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int NAME_BYTES = 16;

  /// Never fed itself: every name is made by a copy.
  private final Mac keyed;

  private Pseudonyms(byte[] key) {
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /// Under this key, or a random one for as long as the process lives.
  public static Pseudonyms under(Optional<Secret> key) {
    return new Pseudonyms(
        key.map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8))
            .orElseGet(Pseudonyms::random));
  }

  private static byte[] random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /// Neither issuer nor subject has control characters, so that what is hashed has one reading.
  String of(Principal user) {
    return hash("user\0" + user.issuer() + "\0" + user.subject());
  }

  /// What a model's provider may call a user: another name than in the audit log, so that neither
  /// can be found in the other.
  public String forModel(Principal user) {
    return hash("model\0" + user.issuer() + "\0" + user.subject());
  }

  String of(InetAddress address) {
    return hash("address\0" + address.getHostAddress());
  }

  private String hash(String text) {
    try {
      Mac mac = (Mac) keyed.clone();
      byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own " + ALGORITHM + " can be copied", e);
    }
  }
}
