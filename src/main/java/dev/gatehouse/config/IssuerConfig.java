package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whose tokens are believed, and which of them (RFC 7519, RFC 8725, RFC 9068).
///
/// Where the issuer itself is asked about each token, keys, algorithms and types play no part.
///
/// @param issuer the exact `iss`
/// @param audience one of these must be in `aud`; the single element `*` switches the check off
/// @param jwksUri where the signing keys are, `file:/path` for a file of this machine; absent:
///   discovered from the issuer's metadata
/// @param algorithms accepted JWS `alg` values
/// @param tokenTypes accepted `typ` values; `none` stands for an absent header
/// @param clockSkew tolerance for `exp`, `nbf` and `iat`
/// @param requiredClaims claims that must have exactly this value
/// @param requiredScopes values that must be in `scope` or `scp`
/// @param userClaims member of `userInfo` to the claim it is taken from, in the file's order
public record IssuerConfig(
    String issuer,
    Set<String> audience,
    Optional<URI> jwksUri,
    Set<String> algorithms,
    Set<String> tokenTypes,
    Duration clockSkew,
    Map<String, String> requiredClaims,
    List<String> requiredScopes,
    Map<String, String> userClaims) {

  private static final Set<String> ASYMMETRIC =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
          "Ed25519");
  private static final Set<String> FOREIGN_TYPES = Set.of("logout+jwt", "dpop+jwt", "secevent+jwt");
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  public IssuerConfig {
    audience = Set.copyOf(audience);
    algorithms = Set.copyOf(algorithms);
    tokenTypes = Set.copyOf(tokenTypes);
    requiredClaims = Map.copyOf(requiredClaims);
    requiredScopes = List.copyOf(requiredScopes);
    userClaims = Collections.unmodifiableMap(new LinkedHashMap<>(userClaims));

    Requirements requirements = new Requirements();
    requireIssuer(requirements, issuer, jwksUri);
    requireAudience(requirements, audience);
    requireAlgorithms(requirements, algorithms);
    requireTypes(requirements, tokenTypes);
    requireClaims(requirements, requiredClaims, requiredScopes, userClaims);
    requirements
        .notNegative(clockSkew, "clock-skew")
        .that(clockSkew.compareTo(MAX_SKEW) <= 0, "clock-skew", "must be at most 5m")
        .hold();
  }

  /// Tokens of this issuer for this audience, and defaults for all else.
  public static IssuerConfig of(String issuer, Set<String> audience) {
    Map<String, String> userClaims = new LinkedHashMap<>();
    userClaims.put("id", "sub");
    userClaims.put("name", "name");
    userClaims.put("email", "email");
    return new IssuerConfig(
        issuer,
        audience,
        Optional.empty(),
        Set.of("RS256", "PS256", "ES256"),
        Set.of("at+jwt", "JWT", "none"),
        Duration.ofSeconds(30),
        Map.of(),
        List.of(),
        userClaims);
  }

  /// Whether tokens for anybody are accepted.
  public boolean acceptsAnyAudience() {
    return audience.contains("*");
  }

  private static void requireIssuer(
      Requirements requirements, String issuer, Optional<URI> jwksUri) {
    requirements
        .that(
            HttpUri.isIssuer(issuer),
            "issuer",
            "must be an https URL without user info, query or fragment (http only on loopback)")
        .that(
            jwksUri.map(uri -> HttpUri.isTrustworthy(uri) || HttpUri.isFile(uri)).orElse(true),
            "jwks-uri",
            "must be an https URL without user info or fragment (http only on loopback), or"
                + " file:/path");
  }

  private static void requireAudience(Requirements requirements, Set<String> audience) {
    requirements
        .that(
            !audience.isEmpty(),
            "audience",
            "must name at least one audience; [\"*\"] switches the check off")
        .that(noneBlank(audience), "audience", "must not contain an empty name")
        .that(
            !audience.contains("*") || audience.size() == 1,
            "audience",
            "must be either names or \"*\" alone");
  }

  private static void requireAlgorithms(Requirements requirements, Set<String> algorithms) {
    boolean unsigned = algorithms.stream().anyMatch(a -> a.equalsIgnoreCase("none"));
    boolean symmetric =
        algorithms.stream().anyMatch(a -> a.toUpperCase(Locale.ROOT).startsWith("HS"));
    requirements
        .that(!algorithms.isEmpty(), "algorithms", "must name at least one algorithm")
        .that(!unsigned, "algorithms", "none is never accepted: such tokens are not signed")
        .that(
            !symmetric,
            "algorithms",
            "HS256, HS384 and HS512 are never accepted: whoever can verify such a token can forge"
                + " it")
        .that(
            unsigned || symmetric || ASYMMETRIC.containsAll(algorithms),
            "algorithms",
            "must be among RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA,"
                + " Ed25519");
  }

  private static void requireTypes(Requirements requirements, Set<String> tokenTypes) {
    boolean foreign =
        tokenTypes.stream().map(t -> t.toLowerCase(Locale.ROOT)).anyMatch(FOREIGN_TYPES::contains);
    requirements
        .that(!tokenTypes.isEmpty(), "token-types", "must name at least one type")
        .that(noneBlank(tokenTypes), "token-types", "must not contain an empty type")
        .that(
            !foreign,
            "token-types",
            "logout+jwt, dpop+jwt and secevent+jwt are never accepted: they are no access tokens");
  }

  private static void requireClaims(
      Requirements requirements,
      Map<String, String> requiredClaims,
      List<String> requiredScopes,
      Map<String, String> userClaims) {
    boolean scopes = requiredScopes.stream().noneMatch(s -> s.isEmpty() || s.indexOf(' ') >= 0);
    boolean members = noneBlank(userClaims.keySet()) && noneBlank(userClaims.values());
    requirements
        .that(noneBlank(requiredClaims.keySet()), "required-claims", "must name claims")
        .that(scopes, "required-scopes", "must be single scopes without spaces, one per item")
        .that(members, "user-claims", "must name a claim for each member");
  }

  private static boolean noneBlank(Collection<String> texts) {
    return texts.stream().noneMatch(String::isBlank);
  }
}
