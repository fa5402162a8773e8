package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a token is verified (RFC 7519, RFC 8725, RFC 9068).
///
/// @param issuer the exact `iss`
/// @param audience one of these must be in `aud`; the single element `*` switches the check off
/// @param jwksUri where the signing keys are; absent: discovered from the issuer's metadata
/// @param algorithms accepted JWS `alg` values
/// @param tokenTypes accepted `typ` values; `none` stands for an absent header
/// @param clockSkew tolerance for `exp`, `nbf` and `iat`
/// @param requiredClaims claims that must have exactly this value
/// @param requiredScopes values that must be in `scope` or `scp`
/// @param userClaims member of `userInfo` to the claim it is taken from
public record AuthConfig(
    String issuer,
    Set<String> audience,
    Optional<URI> jwksUri,
    Set<String> algorithms,
    Set<String> tokenTypes,
    Duration clockSkew,
    Map<String, String> requiredClaims,
    List<String> requiredScopes,
    Map<String, String> userClaims) {

  public AuthConfig {
    audience = Set.copyOf(audience);
    algorithms = Set.copyOf(algorithms);
    tokenTypes = Set.copyOf(tokenTypes);
    requiredClaims = Map.copyOf(requiredClaims);
    requiredScopes = List.copyOf(requiredScopes);
    userClaims = Map.copyOf(userClaims);
  }
}
