package dev.gatehouse.config;

import dev.gatehouse.config.IntrospectionConfig.Authentication;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Reads `auth`, whose keys depend on its mode. A key that would do nothing is refused.
final class AuthReader {
  /// What stands in for settings that cannot be used.
  static final AuthConfig ANY = AuthConfig.of("https://id.example.com", Set.of("*"));

  private static final IssuerConfig ANY_ISSUER = ANY.issuers().getFirst();
  private static final List<String> OF_SIGNATURES =
      List.of("jwks-uri", "algorithms", "token-types");
  private static final List<String> OF_CLAIMS =
      List.of(
          "issuer", "audience", "clock-skew", "required-claims", "required-scopes", "user-claims");
  private static final List<String> OF_AN_ISSUER =
      Stream.concat(OF_CLAIMS.stream(), OF_SIGNATURES.stream()).toList();

  private AuthReader() {}

  static AuthConfig auth(Section section) {
    return switch (section.choice("mode", modes()).orElse(Mode.JWT)) {
      case JWT -> jwt(section);
      case INTROSPECTION -> introspection(section);
      case PASSTHROUGH -> passthrough(section);
    };
  }

  private static Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    modes.put("jwt", Mode.JWT);
    modes.put("introspection", Mode.INTROSPECTION);
    modes.put("passthrough", Mode.PASSTHROUGH);
    return modes;
  }

  private static AuthConfig jwt(Section section) {
    section.refuse("belongs to mode introspection", List.of("introspection"));
    if (!section.hasAny("issuers")) {
      return new AuthConfig.Jwt(List.of(issuer(section, ANY_ISSUER)));
    }
    section.refuse("belongs into each item of issuers", OF_AN_ISSUER);
    List<Section> items = section.requiredSections("issuers");
    List<IssuerConfig> issuers =
        IntStream.range(0, items.size()).mapToObj(i -> issuer(items.get(i), standIn(i))).toList();
    return section.build(ANY, () -> issuers.isEmpty() ? ANY : new AuthConfig.Jwt(issuers));
  }

  // Two items that cannot be used must not be reported as one issuer named twice.
  private static IssuerConfig standIn(int index) {
    return IssuerConfig.of("https://id" + index + ".invalid", Set.of("*"));
  }

  private static IssuerConfig issuer(Section section, IssuerConfig standIn) {
    IssuerConfig defaults = ANY_ISSUER;
    Function<String, String> text = Function.identity();
    String issuer = section.required("issuer", standIn.issuer(), text);
    section.requirePresence("audience");
    Set<String> audience = set(section.list("audience", text)).orElse(defaults.audience());
    var jwksUri = section.value("jwks-uri", HttpUri::parse);
    Set<String> algorithms = set(section.list("algorithms", text)).orElse(defaults.algorithms());
    Set<String> types = set(section.list("token-types", text)).orElse(defaults.tokenTypes());
    var skew = section.value("clock-skew", Amount::duration).orElse(defaults.clockSkew());
    Map<String, String> claims = section.map("required-claims", text).orElse(Map.of());
    List<String> scopes = section.list("required-scopes", text).orElse(List.of());
    Map<String, String> user = section.map("user-claims", text).orElse(defaults.userClaims());
    return section.build(
        standIn,
        () ->
            new IssuerConfig(
                issuer, audience, jwksUri, algorithms, types, skew, claims, scopes, user));
  }

  private static AuthConfig introspection(Section section) {
    section.refuse(
        "means nothing in mode introspection: the issuer itself is asked", OF_SIGNATURES);
    section.refuse("belongs to mode jwt; introspection asks one issuer", List.of("issuers"));
    section.requirePresence("introspection");
    Optional<IntrospectionConfig> asking =
        section.sectionIfAny("introspection").map(AuthReader::asking);
    IssuerConfig issuer = issuer(section, ANY_ISSUER);
    return asking.<AuthConfig>map(a -> new AuthConfig.Introspection(issuer, a)).orElse(ANY);
  }

  private static IntrospectionConfig asking(Section section) {
    Secret anySecret = new Secret("any");
    var endpoint = section.value("endpoint", HttpUri::parse);
    String id = section.required("client-id", "any", Function.identity());
    Secret secret = section.required("client-secret", anySecret, Secret::parse);
    Authentication authentication =
        section
            .choice("authentication", authentications())
            .orElse(Authentication.CLIENT_SECRET_BASIC);
    var cache = section.value("cache", Amount::duration).orElse(IntrospectionConfig.CACHE);
    return section.build(
        new IntrospectionConfig(
            endpoint.filter(HttpUri::isTrustworthy),
            "any",
            anySecret,
            authentication,
            IntrospectionConfig.CACHE),
        () -> new IntrospectionConfig(endpoint, id, secret, authentication, cache));
  }

  private static Map<String, Authentication> authentications() {
    Map<String, Authentication> authentications = new LinkedHashMap<>();
    authentications.put("client_secret_basic", Authentication.CLIENT_SECRET_BASIC);
    authentications.put("client_secret_post", Authentication.CLIENT_SECRET_POST);
    return authentications;
  }

  private static AuthConfig passthrough(Section section) {
    String why = "means nothing in mode passthrough, in which no token is looked into";
    section.refuse(why, OF_AN_ISSUER);
    section.refuse(why, List.of("issuers", "introspection"));
    return section.build(ANY, AuthConfig.Passthrough::new);
  }

  private static Optional<Set<String>> set(Optional<List<String>> list) {
    return list.map(Set::copyOf);
  }

  private enum Mode {
    JWT,
    INTROSPECTION,
    PASSTHROUGH
  }
}
