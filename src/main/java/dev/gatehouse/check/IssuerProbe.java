package dev.gatehouse.check;

import dev.gatehouse.config.IssuerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether signing keys can be had, by the way the gate itself will take: metadata, then the key
/// set.
final class IssuerProbe {
  private final IssuerConfig issuer;
  private final Web web;
  private final List<Finding> findings = new ArrayList<>();

  IssuerProbe(IssuerConfig issuer, Web web) {
    this.issuer = issuer;
    this.web = web;
  }

  List<Finding> run() {
    issuer.jwksUri().or(this::discovered).ifPresent(this::probeKeys);
    return List.copyOf(findings);
  }

  private Optional<URI> discovered() {
    return new MetadataProbe(issuer.issuer(), "jwks_uri", "auth.jwks-uri", web).run(findings);
  }

  private void probeKeys(URI place) {
    if ("file".equalsIgnoreCase(place.getScheme())) {
      findings.add(inFile(place));
      return;
    }
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

  private Finding inFile(URI place) {
    try {
      return judged(Files.readString(Path.of(place)), place);
    } catch (IOException _) {
      return Finding.failed(
          "keys: %s cannot be read".formatted(place), "check that it is a file and may be read");
    }
  }

  private Finding judged(String body, URI place) {
    Optional<JsonNode> document = MetadataProbe.json(body).filter(d -> d.path("keys").isArray());
    if (document.isEmpty()) {
      return Finding.failed("keys: no key set at " + place, "check auth.jwks-uri");
    }
    long usable = document.map(KeySet::of).orElseThrow().usableFor(issuer.algorithms());
    return usable > 0
        ? Finding.passed("keys: %d for signatures at %s".formatted(usable, place))
        : Finding.failed(
            "keys: none at %s is a public signing key for %s".formatted(place, issuer.algorithms()),
            "add the issuer's algorithm to auth.algorithms, or a signing key to the issuer");
  }
}
