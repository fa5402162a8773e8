package dev.gatehouse.auth;

import dev.gatehouse.config.IssuerConfig;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The rules that the claims of a token must meet (RFC 7519, 4.1; RFC 8725), whether a signature or
/// the issuer's own answer (RFC 7662, 2.2) vouches for them.
final class ClaimRules {
  private static final int MAX_SUBJECT = 255;
  private static final BigDecimal END_OF_TIME = BigDecimal.valueOf(253_402_300_799L);
  private static final List<String> USUAL_MEMBERS = List.of("id", "name", "email");

  private final IssuerConfig config;
  private final InstantSource clock;
  private final SequencedMap<String, String> userClaims = new LinkedHashMap<>();

  ClaimRules(IssuerConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    Stream.concat(USUAL_MEMBERS.stream(), config.userClaims().keySet().stream().sorted())
        .filter(config.userClaims()::containsKey)
        .forEach(member -> userClaims.put(member, config.userClaims().getOrDefault(member, "")));
  }

  /// Takes what is needed from the claims of a signed token, or refuses them.
  VerifiedClaims check(ObjectNode claims) {
    checkIssuer(claims);
    return checkAll(claims, Optional.of(time(claims.path("exp"))));
  }

  /// Takes what is needed from what the issuer says about a token, or refuses it. There `iss` and
  /// `exp` may be missing (RFC 7662, 2.2); the issuer was asked just now.
  VerifiedClaims checkAnswer(ObjectNode claims) {
    if (claims.has("iss")) {
      checkIssuer(claims);
    }
    JsonNode type = claims.path("token_type");
    if (!type.isMissingNode() && !type.stringValue("").equalsIgnoreCase("Bearer")) {
      throw Refusal.TYPE.exception();
    }
    return checkAll(
        claims, claims.has("exp") ? Optional.of(time(claims.path("exp"))) : Optional.empty());
  }

  private VerifiedClaims checkAll(ObjectNode claims, Optional<Instant> expiresAt) {
    checkTarget(claims);
    String subject = subject(claims.path("sub"));
    checkTimes(claims);
    expiresAt.ifPresent(this::checkExpiry);
    Map<String, String> texts = texts(claims);
    checkPermission(claims, texts);
    return new VerifiedClaims(subject, expiresAt, user(claims), texts);
  }

  /// Refuses a token once its time is over.
  void checkExpiry(Instant expiresAt) {
    if (!clock.instant().minus(config.clockSkew()).isBefore(expiresAt)) {
      throw Refusal.EXPIRED.exception();
    }
  }

  private void checkIssuer(ObjectNode claims) {
    if (!claims.path("iss").isString()
        || !claims.path("iss").stringValue().equals(config.issuer())) {
      throw Refusal.ISSUER.exception();
    }
  }

  private void checkTarget(ObjectNode claims) {
    if (!config.audience().contains("*")
        && Collections.disjoint(strings(claims.path("aud"), Refusal.AUDIENCE), config.audience())) {
      throw Refusal.AUDIENCE.exception();
    }
    // Bound to a key of the client's, which a relay cannot prove to have (RFC 7800).
    if (claims.has("cnf")) {
      throw Refusal.SENDER_CONSTRAINED.exception();
    }
  }

  private static String subject(JsonNode claim) {
    if (!claim.isString()) {
      throw Refusal.SUBJECT.exception();
    }
    String subject = claim.stringValue();
    if (subject.isBlank()
        || !subject.equals(subject.strip())
        || subject.length() > MAX_SUBJECT
        || subject.chars().anyMatch(Character::isISOControl)
        || !isUnicode(subject)) {
      throw Refusal.SUBJECT.exception();
    }
    return subject;
  }

  private void checkTimes(ObjectNode claims) {
    Instant latest = clock.instant().plus(config.clockSkew());
    if (claims.has("nbf") && time(claims.path("nbf")).isAfter(latest)) {
      throw Refusal.NOT_YET_VALID.exception();
    }
    if (claims.has("iat") && time(claims.path("iat")).isAfter(latest)) {
      throw Refusal.ISSUED_AHEAD.exception();
    }
  }

  // A NumericDate may have a fraction (RFC 7519, 2). Dropping it makes a token expire early, not
  // late.
  private static Instant time(JsonNode claim) {
    if (!claim.isNumber()) {
      throw Refusal.MALFORMED_TIME.exception();
    }
    BigDecimal seconds = claim.decimalValue();
    if (seconds.signum() < 0 || seconds.compareTo(END_OF_TIME) > 0) {
      throw Refusal.MALFORMED_TIME.exception();
    }
    return Instant.ofEpochSecond(seconds.longValue());
  }

  private void checkPermission(ObjectNode claims, Map<String, String> texts) {
    if (!texts.entrySet().containsAll(config.requiredClaims().entrySet())) {
      throw Refusal.REQUIRED_CLAIM.exception();
    }
    if (!config.requiredScopes().isEmpty()
        && !scopes(claims).containsAll(config.requiredScopes())) {
      throw Refusal.REQUIRED_SCOPE.exception();
    }
  }

  private static Set<String> scopes(ObjectNode claims) {
    Set<String> scopes = new HashSet<>();
    for (String name : List.of("scope", "scp")) {
      if (claims.has(name)) {
        strings(claims.path(name), Refusal.REQUIRED_SCOPE)
            .forEach(value -> scopes.addAll(List.of(value.split(" "))));
      }
    }
    return scopes;
  }

  /// A claim that is a string or an array of strings.
  private static List<String> strings(JsonNode claim, Refusal otherwise) {
    if (claim.isString()) {
      return List.of(claim.stringValue());
    }
    if (!claim.isArray() || !claim.values().stream().allMatch(JsonNode::isString)) {
      throw otherwise.exception();
    }
    return claim.values().stream().map(JsonNode::stringValue).toList();
  }

  private static Map<String, String> texts(ObjectNode claims) {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, JsonNode> claim : claims.properties()) {
      JsonNode value = claim.getValue();
      boolean scalar = value.isString() || value.isNumber() || value.isBoolean();
      if (scalar && isUnicode(value.asString())) {
        texts.put(claim.getKey(), value.asString());
      }
    }
    return texts;
  }

  private User user(ObjectNode claims) {
    Map<String, String> members = new LinkedHashMap<>();
    userClaims.forEach((member, name) -> {
      JsonNode claim = claims.path(name);
      if (claim.isString() && isUnicode(claim.stringValue())) {
        members.put(member, claim.stringValue());
      }
    });
    return new User(Collections.unmodifiableMap(members));
  }

  // JSON escapes can spell half a surrogate pair, which no UTF-8 can carry on.
  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
