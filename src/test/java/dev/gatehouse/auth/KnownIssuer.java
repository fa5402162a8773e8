package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An issuer that signs the same token today and in ten years, at once and without a network: with
/// the example key of RFC 8037 (A.1), and in a time that stands still.
final class KnownIssuer {
  static final String NAME = "https://id.example.com";
  static final String AUDIENCE = "agent-api";
  static final String KEY_ID = "k1";
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final String HEADER = "{\"alg\":\"EdDSA\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}";
  static final String CLAIMS =
      "{\"iss\":\"https://id.example.com\",\"aud\":\"agent-api\",\"sub\":\"u-1\",\"exp\":1767269400}";

  private static final Set<ProblemCode> DECLARED =
      Set.of(ProblemCode.INVALID_TOKEN, ProblemCode.TOKEN_EXPIRED, ProblemCode.INSUFFICIENT_SCOPE);
  private static final String JWKS =
      "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k1\","
          + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";
  private static final String PRIVATE = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

  private final PrivateKey key = key();
  private final SigningKeys keys = new SigningKeys(new Published(), () -> NOW, _ -> {});
  private final TokenJudge judge;

  KnownIssuer() {
    IssuerConfig config =
        new IssuerConfig(
            NAME,
            Set.of(AUDIENCE),
            Optional.empty(),
            Set.of("EdDSA", "RS256", "ES256"),
            Set.of("at+jwt", "JWT", "none"),
            Duration.ofSeconds(30),
            Map.of(),
            List.of(),
            Map.of("id", "sub", "name", "name"));
    keys.refresh();
    judge = SignedTokens.of(config, keys, () -> NOW);
  }

  TokenJudge judge() {
    return judge;
  }

  /// A token of exactly this header and these claims, each character a byte.
  String sign(String header, String claims) {
    String input = encoded(header) + "." + encoded(claims);
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertDeclared(ProblemException refusal) {
    ProblemCode code = refusal.problem().code();
    assertTrue(DECLARED.contains(code), code.text());
  }

  private static Base64URL encoded(String latin) {
    return Base64URL.encode(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static PrivateKey key() {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(
              new EdECPrivateKeySpec(NamedParameterSpec.ED25519, new Base64URL(PRIVATE).decode()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Published implements KeySource {

    @Override
    public KeySet fetch() throws IssuerException {
      return KeySet.parse(JWKS.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Duration patience() {
      return Duration.ofHours(1);
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }
}
