package dev.gatehouse.auth;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.config.EncryptionConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import tools.jackson.databind.node.ObjectNode;

/// Seals tokens into cookie values and opens them again: a JWE in compact form (RFC 7516) with
/// `dir` and `A256GCM`, and a type of its own, so that nothing else made with the same key passes
/// for one.
public final class CookieSeal {
  private static final String TYPE = "gatehouse-session+jwe";
  private static final Set<String> MEMBERS = Set.of("alg", "enc", "kid", "typ");
  private static final int MAX_LENGTH = 4096;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9_-]++)\\.\\.([A-Za-z0-9_-]{16})\\.([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]{22})");

  private final CookieKeys keys;
  private final SecureRandom random = new SecureRandom();

  private CookieSeal(CookieKeys keys) {
    this.keys = keys;
  }

  /// A seal with these keys.
  ///
  /// @throws IllegalArgumentException if a key cannot be used any more
  public static CookieSeal of(EncryptionConfig config, InstantSource clock) {
    return new CookieSeal(new CookieKeys(config.keys(), clock));
  }

  /// Whether this may be a cookie value that was sealed; no other token looks like one.
  static boolean isSealed(String value) {
    return FORM.matcher(value).matches();
  }

  /// The cookie value that holds this token.
  ///
  /// @return nothing if it is no token, or one too long for a cookie
  public Optional<String> seal(String token) {
    if (!TokenForm.BEARER.matches(token)) {
      return Optional.empty();
    }
    CookieKey key = keys.active();
    String header =
        Base64URL.encode(
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"%s\",\"typ\":\"%s\"}"
                    .formatted(key.id(), TYPE))
            .toString();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce, header)
              .doFinal(token.getBytes(StandardCharsets.US_ASCII));
      int end = sealed.length - TAG_BYTES;
      String value =
          String.join(
              ".",
              header,
              "",
              encoded(nonce),
              encoded(Arrays.copyOf(sealed, end)),
              encoded(Arrays.copyOfRange(sealed, end, sealed.length)));
      return Optional.of(value).filter(text -> text.length() <= MAX_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  /// The token in a cookie value, if it was sealed with one of the keys.
  public Optional<String> open(String value) {
    Matcher parts = FORM.matcher(value);
    if (value.length() > MAX_LENGTH || !parts.matches()) {
      return Optional.empty();
    }
    Optional<CookieKey> named = keyId(parts.group(1)).flatMap(keys::named);
    // The active key stands in for one that is not there: both take the same time.
    Optional<String> token = opened(parts, named.orElseGet(keys::active));
    return named.isPresent() ? token : Optional.empty();
  }

  private static Optional<String> keyId(String header) {
    return StrictJson.object(new Base64URL(header).decode())
        .filter(CookieSeal::isOurs)
        .map(members -> members.path("kid").stringValue(""));
  }

  private static boolean isOurs(ObjectNode header) {
    return MEMBERS.equals(Set.copyOf(header.propertyNames()))
        && header.path("alg").stringValue("").equals("dir")
        && header.path("enc").stringValue("").equals("A256GCM")
        && header.path("typ").stringValue("").equals(TYPE);
  }

  private static Optional<String> opened(Matcher parts, CookieKey key) {
    byte[] text = new Base64URL(parts.group(3)).decode();
    byte[] tag = new Base64URL(parts.group(4)).decode();
    byte[] sealed = ByteBuffer.allocate(text.length + tag.length).put(text).put(tag).array();
    try {
      byte[] token =
          cipher(Cipher.DECRYPT_MODE, key, new Base64URL(parts.group(2)).decode(), parts.group(1))
              .doFinal(sealed);
      return Optional.of(new String(token, StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, CookieKey key, byte[] nonce, String header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(header.getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  private static String encoded(byte[] bytes) {
    return Base64URL.encode(bytes).toString();
  }
}
