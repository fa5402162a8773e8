package dev.gatehouse.auth;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.config.IssuerConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What matters of a token's header once it passed: the rest, such as `jku`, `jwk`, `x5u` and
/// `x5c`, is never looked at.
record TokenHeader(JWSAlgorithm algorithm, Optional<String> keyId) {
  private static final int MAX_KEY_ID = 256;
  // Tokens that are no access tokens, whatever the configuration says (RFC 8725, 3.11).
  private static final Set<String> NEVER = Set.of("logout+jwt", "dpop+jwt", "secevent+jwt");

  /// Reads a header, or refuses it.
  static TokenHeader check(ObjectNode header, IssuerConfig config) {
    // We understand no extension, so any `crit` names one we do not; `b64` would change the input.
    if (header.has("crit") || header.has("b64")) {
      throw Refusal.CRITICAL_HEADER.exception();
    }
    JsonNode algorithm = header.path("alg");
    if (!algorithm.isString() || !config.algorithms().contains(algorithm.stringValue())) {
      throw Refusal.ALGORITHM.exception();
    }
    if (!isAccepted(header.path("typ"), config.tokenTypes())) {
      throw Refusal.TYPE.exception();
    }
    return new TokenHeader(JWSAlgorithm.parse(algorithm.stringValue()), keyId(header.path("kid")));
  }

  private static boolean isAccepted(JsonNode type, Set<String> accepted) {
    if (type.isMissingNode()) {
      return accepted.contains("none");
    }
    if (!type.isString()) {
      return false;
    }
    String name = mediaType(type.stringValue());
    return !NEVER.contains(name)
        && !name.equals("none")
        && accepted.stream().anyMatch(candidate -> mediaType(candidate).equals(name));
  }

  // RFC 7515, 4.1.9: case-insensitive, `application/` may be left out.
  private static String mediaType(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return name.startsWith("application/") ? name.substring("application/".length()) : name;
  }

  private static Optional<String> keyId(JsonNode kid) {
    if (kid.isMissingNode()) {
      return Optional.empty();
    }
    if (!kid.isString() || kid.stringValue().isEmpty()) {
      throw Refusal.KEY_ID.exception();
    }
    String text = kid.stringValue();
    if (text.length() > MAX_KEY_ID || text.chars().anyMatch(Character::isISOControl)) {
      throw Refusal.KEY_ID.exception();
    }
    return Optional.of(text);
  }
}
