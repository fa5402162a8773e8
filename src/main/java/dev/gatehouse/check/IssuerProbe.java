package dev.gatehouse.check;

import dev.gatehouse.config.AuthConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether signing keys can be had, by the way the gate itself will take: metadata (RFC 8414,
/// OpenID Connect Discovery), then the key set.
final class IssuerProbe {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final AuthConfig auth;
  private final Web web;
  private final List<Finding> findings = new ArrayList<>();

  IssuerProbe(AuthConfig auth, Web web) {
    this.auth = auth;
    this.web = web;
  }

  List<Finding> run() {
    auth.jwksUri().or(this::discovered).ifPresent(this::probeKeys);
    return List.copyOf(findings);
  }

  private Optional<URI> discovered() {
    for (URI place : places(auth.issuer())) {
      if (web.get(place) instanceof Reply.Answer(int status, String body) && status == 200) {
        return keysNamedBy(body, place);
      }
    }
    findings.add(
        Finding.failed(
            "issuer: no metadata at %s".formatted(places(auth.issuer()).getFirst()),
            "check auth.issuer and the way to it, or set auth.jwks-uri if it publishes none"));
    return Optional.empty();
  }

  /// Where metadata may be: Discovery appends, RFC 8414 section 3.1 inserts before the path.
  static List<URI> places(String issuer) {
    URI uri = URI.create(issuer);
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    String root = uri.getScheme() + "://" + uri.getRawAuthority();
    return List.of(
        URI.create(base + "/.well-known/openid-configuration"),
        URI.create(
            root + "/.well-known/oauth-authorization-server" + base.substring(root.length())));
  }

  private Optional<URI> keysNamedBy(String body, URI place) {
    Optional<JsonNode> metadata = json(body);
    String issuer = metadata.map(m -> m.path("issuer").asString("")).orElse("");
    if (!issuer.equals(auth.issuer())) {
      findings.add(
          Finding.failed(
              "issuer: the metadata at %s names '%s'".formatted(place, issuer),
              "auth.issuer must be exactly what tokens have as iss, trailing slash included"));
      return Optional.empty();
    }
    Optional<URI> keys =
        metadata.map(m -> m.path("jwks_uri").asString("")).flatMap(IssuerProbe::uri);
    findings.add(
        keys.isPresent()
            ? Finding.passed("issuer: " + auth.issuer())
            : Finding.failed("issuer: its metadata names no usable jwks_uri", "set auth.jwks-uri"));
    return keys;
  }

  private void probeKeys(URI place) {
    findings.add(
        switch (web.get(place)) {
          case Reply.Silence(String why) ->
              Finding.failed("keys: %s: %s".formatted(place, why), "open the way to the issuer");
          case Reply.Answer(int status, String body) when status == 200 -> judged(body, place);
          case Reply.Answer(int status, _) ->
              Finding.failed(
                  "keys: %s answers HTTP %d".formatted(place, status),
                  "it must answer 200 itself, redirects are not followed; check auth.jwks-uri");
        });
  }

  private Finding judged(String body, URI place) {
    Optional<JsonNode> document = json(body).filter(d -> d.path("keys").isArray());
    if (document.isEmpty()) {
      return Finding.failed("keys: no key set at " + place, "check auth.jwks-uri");
    }
    long usable = document.map(KeySet::of).orElseThrow().usableFor(auth.algorithms());
    return usable > 0
        ? Finding.passed("keys: %d for signatures at %s".formatted(usable, place))
        : Finding.failed(
            "keys: none at %s is a public signing key for %s".formatted(place, auth.algorithms()),
            "add the issuer's algorithm to auth.algorithms, or a signing key to the issuer");
  }

  private static Optional<JsonNode> json(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body));
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text))
          .filter(u -> u.getHost() != null && u.getScheme().matches("https?"));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
