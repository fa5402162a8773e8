package dev.gatehouse.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who says whether a token is good: the file's `auth.mode`.
public sealed interface AuthConfig {

  /// The signature does, by the keys of its issuer.
  ///
  /// @param issuers each with keys, audience and rules of its own; no two share a name
  record Jwt(List<IssuerConfig> issuers) implements AuthConfig {

    public Jwt {
      issuers = List.copyOf(issuers);
      Set<String> names = new HashSet<>();
      Requirements requirements = new Requirements();
      for (int i = 0; i < issuers.size(); i++) {
        requirements.that(
            names.add(issuers.get(i).issuer()),
            "issuers[" + i + "].issuer",
            "is there twice; a token must have one set of rules");
      }
      requirements.that(!issuers.isEmpty(), "issuers", "must have at least one item").hold();
    }

    @Override
    public String mode() {
      return "jwt";
    }
  }

  /// The issuer does, asked about each token (RFC 7662).
  record Introspection(IssuerConfig issuer, IntrospectionConfig introspection)
      implements AuthConfig {

    @Override
    public String mode() {
      return "introspection";
    }

    @Override
    public List<IssuerConfig> issuers() {
      return List.of(issuer);
    }
  }

  /// Nobody does here; the upstream must.
  record Passthrough() implements AuthConfig {

    @Override
    public String mode() {
      return "passthrough";
    }

    @Override
    public List<IssuerConfig> issuers() {
      return List.of();
    }
  }

  /// Signed tokens of one issuer for this audience, and defaults for all else.
  static AuthConfig of(String issuer, Set<String> audience) {
    return new Jwt(List.of(IssuerConfig.of(issuer, audience)));
  }

  /// The word for this way in a configuration.
  String mode();

  /// Whose tokens are believed.
  List<IssuerConfig> issuers();

  /// Whether tokens for anybody are accepted, from one issuer at least.
  default boolean acceptsAnyAudience() {
    return issuers().stream().anyMatch(IssuerConfig::acceptsAnyAudience);
  }
}
