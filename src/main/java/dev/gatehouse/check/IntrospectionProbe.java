package dev.gatehouse.check;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.IntrospectionConfig;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether the issuer answers a question about a token (RFC 7662), asked about one that is none.
final class IntrospectionProbe {
  private static final String NO_TOKEN = "gatehouse-check";

  private final AuthConfig.Introspection auth;
  private final Web web;
  private final List<Finding> findings = new ArrayList<>();

  IntrospectionProbe(AuthConfig.Introspection auth, Web web) {
    this.auth = auth;
    this.web = web;
  }

  List<Finding> run() {
    auth.introspection().endpoint().or(this::discovered).ifPresent(this::ask);
    return List.copyOf(findings);
  }

  private Optional<URI> discovered() {
    return new MetadataProbe(
            auth.issuer().issuer(), "introspection_endpoint", "auth.introspection.endpoint", web)
        .run(findings);
  }

  private void ask(URI place) {
    findings.add(
        switch (reply(place)) {
          case Reply.Silence(String why) ->
              Finding.failed(
                  "introspection: %s: %s".formatted(place, why), "open the way to the issuer");
          case Reply.Answer(int status, String body) when status == 200 -> judged(body, place);
          case Reply.Answer(int status, _) when status == 401 || status == 403 ->
              Finding.failed(
                  "introspection: %s does not take our word, HTTP %d".formatted(place, status),
                  "check client-id, client-secret and authentication of auth.introspection");
          case Reply.Answer(int status, _) ->
              Finding.failed(
                  "introspection: %s answers HTTP %d".formatted(place, status),
                  "it must answer 200 itself; check auth.introspection.endpoint");
        });
  }

  private static Finding judged(String body, URI place) {
    boolean answers =
        MetadataProbe.json(body).filter(answer -> answer.path("active").isBoolean()).isPresent();
    return answers
        ? Finding.passed("introspection: answers at " + place)
        : Finding.failed(
            "introspection: %s does not say whether a token is active".formatted(place),
            "check auth.introspection.endpoint");
  }

  private Reply reply(URI place) {
    IntrospectionConfig config = auth.introspection();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("token", NO_TOKEN);
    String secret = config.clientSecret().reveal();
    return switch (config.authentication()) {
      case CLIENT_SECRET_BASIC -> {
        String pair = encoded(config.clientId()) + ":" + encoded(secret);
        byte[] bytes = pair.getBytes(StandardCharsets.US_ASCII);
        yield web.post(
            place,
            encoded(form),
            Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes)));
      }
      case CLIENT_SECRET_POST -> {
        form.put("client_id", config.clientId());
        form.put("client_secret", secret);
        yield web.post(place, encoded(form), Map.of());
      }
    };
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
