package dev.gatehouse.auth;

import dev.gatehouse.config.IssuerConfig;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// Tokens that their signature vouches for. Each issuer has keys, rules and memory of its own;
/// which of them judges a token depends on its exact `iss` alone.
final class SignedTokens implements TokenJudge {
  private static final String CONDITION = "signing-keys";

  private final Map<String, Issuer> issuers;

  private SignedTokens(Map<String, Issuer> issuers) {
    this.issuers = issuers;
  }

  static SignedTokens open(
      Iterable<IssuerConfig> configs, InstantSource clock, AuthListener listener) {
    Map<String, Issuer> issuers = new LinkedHashMap<>();
    for (IssuerConfig config : configs) {
      String name = config.issuer();
      SigningKeys keys =
          SigningKeys.open(config, clock, result -> listener.keysRefreshed(name, result));
      issuers.put(name, new Issuer(keys, new TokenVerifier(config, keys, clock)));
    }
    return new SignedTokens(issuers);
  }

  /// Tokens of one issuer, whose keys somebody else looks after.
  static SignedTokens of(IssuerConfig config, SigningKeys keys, InstantSource clock) {
    return new SignedTokens(
        Map.of(config.issuer(), new Issuer(keys, new TokenVerifier(config, keys, clock))));
  }

  @Override
  public Caller judge(String token) {
    TokenForm.COMPACT_JWS.checked(token);
    return issuerOf(token).verifier().verify(token);
  }

  // A single issuer finds out by itself, after the signature. Of several one must be chosen first,
  // by a claim that nobody believes yet: the one chosen will compare it again.
  private Issuer issuerOf(String token) {
    if (issuers.size() == 1) {
      return issuers.values().iterator().next();
    }
    JsonNode name = CompactJws.parse(token).claims().path("iss");
    return Optional.ofNullable(issuers.get(name.stringValue("")))
        .orElseThrow(Refusal.ISSUER::exception);
  }

  @Override
  public Map<String, BooleanSupplier> conditions() {
    Map<String, BooleanSupplier> conditions = new LinkedHashMap<>();
    issuers.forEach((name, issuer) ->
        conditions.put(
            issuers.size() == 1 ? CONDITION : CONDITION + " " + name, issuer.keys()::ready));
    return conditions;
  }

  @Override
  public void close() {
    issuers.values().forEach(issuer -> issuer.keys().close());
  }

  private record Issuer(SigningKeys keys, TokenVerifier verifier) {}
}
