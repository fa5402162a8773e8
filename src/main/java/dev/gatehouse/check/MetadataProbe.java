package dev.gatehouse.check;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds an address in an issuer's metadata (RFC 8414, OpenID Connect Discovery), by the way the
/// gate itself will take.
///
/// @param member the metadata's name for the address
/// @param setting the key that would make metadata unnecessary
record MetadataProbe(String issuer, String member, String setting, Web web) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// The address, and what was found out on the way.
  Optional<URI> run(List<Finding> findings) {
    for (URI place : places(issuer)) {
      if (web.get(place) instanceof Reply.Answer(int status, String body) && status == 200) {
        return namedBy(body, place, findings);
      }
    }
    findings.add(
        Finding.failed(
            "issuer: no metadata at %s".formatted(places(issuer).getFirst()),
            "check auth.issuer and the way to it, or set %s if it publishes none"
                .formatted(setting)));
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

  private Optional<URI> namedBy(String body, URI place, List<Finding> findings) {
    Optional<JsonNode> metadata = json(body);
    String name = metadata.map(m -> m.path("issuer").asString("")).orElse("");
    if (!name.equals(issuer)) {
      findings.add(
          Finding.failed(
              "issuer: the metadata at %s names '%s'".formatted(place, name),
              "auth.issuer must be exactly what tokens have as iss, trailing slash included"));
      return Optional.empty();
    }
    Optional<URI> address =
        metadata.map(m -> m.path(member).asString("")).flatMap(MetadataProbe::uri);
    findings.add(
        address.isPresent()
            ? Finding.passed("issuer: " + issuer)
            : Finding.failed("issuer: its metadata names no usable " + member, "set " + setting));
    return address;
  }

  static Optional<JsonNode> json(String body) {
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
