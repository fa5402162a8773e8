package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Says whom a token speaks for, in the way that `auth.mode` names.
public sealed interface TokenJudge extends AutoCloseable
    permits SignedTokens, IntrospectedTokens, UnverifiedTokens {

  /// The judge for these settings. What it needs of issuers is fetched in the background.
  static TokenJudge open(AuthConfig config, InstantSource clock, AuthListener listener) {
    if (config instanceof AuthConfig.Jwt jwt) {
      return SignedTokens.open(jwt.issuers(), clock, listener);
    }
    if (config instanceof AuthConfig.Passthrough) {
      return new UnverifiedTokens();
    }
    return IntrospectedTokens.open((AuthConfig.Introspection) config, clock, listener);
  }

  /// Who presents this token.
  ///
  /// @throws dev.gatehouse.http.ProblemException if it is refused, or nobody can tell at the moment
  Caller judge(String token);

  /// What must hold for tokens to be judged, by name.
  Map<String, BooleanSupplier> conditions();

  @Override
  void close();
}
