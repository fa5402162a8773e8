package dev.gatehouse.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.IssuerConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Turns a token into a [Caller], or refuses it: form, header, signature, claims, in this order, so
/// that nothing unsigned is believed. Remembers what passed, by hash, until it expires or the keys
/// change.
final class TokenVerifier {
  private static final int REMEMBERED = 5_000;
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final IssuerConfig config;
  private final SigningKeys keys;
  private final ClaimRules rules;
  private final Cache<TokenHash, Verified> verified =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(IDLE).build();

  TokenVerifier(IssuerConfig config, SigningKeys keys, InstantSource clock) {
    this.config = config;
    this.keys = keys;
    this.rules = new ClaimRules(config, clock);
  }

  /// Who presents this token.
  ///
  /// @throws dev.gatehouse.http.ProblemException if it is refused, or cannot be judged for lack of
  ///   keys
  Caller verify(String token) {
    TokenHash hash = TokenHash.of(token);
    Verified known = verified.getIfPresent(hash);
    if (known != null && known.by().equals(keys.current())) {
      known.claims().expiresAt().ifPresent(rules::checkExpiry);
      return known.claims().presenting(token);
    }
    Verified fresh = judge(token);
    verified.put(hash, fresh);
    return fresh.claims().presenting(token);
  }

  private Verified judge(String token) {
    CompactJws jws = CompactJws.parse(token);
    TokenHeader header = TokenHeader.check(jws.header(), config);
    KeySet set = keys.forHeader(header);
    checkSignature(jws, header, set);
    return new Verified(rules.check(jws.claims()), set);
  }

  private static void checkSignature(CompactJws jws, TokenHeader header, KeySet set) {
    List<VerificationKey> candidates = set.fitting(header);
    if (candidates.isEmpty()) {
      throw Refusal.NO_FITTING_KEY.exception();
    }
    if (candidates.stream().noneMatch(key -> key.verifies(jws, header.algorithm()))) {
      throw Refusal.SIGNATURE.exception();
    }
  }

  private record Verified(VerifiedClaims claims, KeySet by) {}
}
