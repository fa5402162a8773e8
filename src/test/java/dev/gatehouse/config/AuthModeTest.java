package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms that `auth` and `cookie` can have, and the keys that mean nothing in them.
final class AuthModeTest {
  private static final String KEY = "A".repeat(43);

  @Test
  void issuersHaveRulesOfTheirOwn() {
    AuthConfig auth =
        accept(
            "  issuers:",
            "    - {issuer: 'https://a.example.com', audience: [x], algorithms: [EdDSA]}",
            "    - {issuer: 'https://b.example.com', audience: [y], required-scopes: [chat]}");
    assertEquals(
        List.of("https://a.example.com", "https://b.example.com"),
        auth.issuers().stream().map(IssuerConfig::issuer).toList());
    assertEquals(List.of(), auth.issuers().get(0).requiredScopes());
    assertEquals(List.of("chat"), auth.issuers().get(1).requiredScopes());
  }

  @Test
  void sameIssuerTwiceIsRefused() {
    assertRefused(
        4,
        "auth.issuers[1].issuer",
        "is there twice",
        "  issuers:",
        "    - {issuer: 'https://a.example.com', audience: [x]}",
        "    - {issuer: 'https://a.example.com', audience: [y]}");
  }

  @Test
  void issuersThatCannotBeUsedAreToldOneByOne() {
    List<ConfigProblem> problems =
        problems(
            "  issuers:",
            "    - {issuer: 'http://a.example.com', audience: [x]}",
            "    - {issuer: 'https://b.example.com', audience: [x], algorithm: RS256}",
            "    - {issuer: 'https://c.example.com'}");
    assertEquals(
        List.of("auth.issuers[0].issuer", "auth.issuers[1].algorithm", "auth.issuers[2]"),
        problems.stream().map(ConfigProblem::key).toList());
    assertEquals(List.of(3, 4, 5), problems.stream().map(ConfigProblem::line).toList());
  }

  @Test
  void emptyListOfIssuersIsRefused() {
    assertRefused(2, "auth.issuers", "at least one item", "  issuers: []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"issuer: 'https://a.example.com'", "audience: [a]", "jwks-uri: 'https://a/k'"})
  void ruleBesideTheListIsRefused(String line) {
    String key = line.substring(0, line.indexOf(':'));
    assertRefused(
        2,
        "auth." + key,
        "belongs into each item",
        "  " + line,
        "  issuers: [{issuer: 'https://a.example.com', audience: [x]}]");
  }

  @Test
  void introspectionIsAskedAsTheFileSays() {
    IntrospectionConfig asking =
        assertInstanceOf(
                AuthConfig.Introspection.class,
                accept(
                    "  mode: introspection",
                    "  issuer: https://id.example.com",
                    "  audience: [a]",
                    "  introspection: {client-id: gate, client-secret: hush}"))
            .introspection();
    assertEquals(
        new IntrospectionConfig(
            Optional.empty(),
            "gate",
            new Secret("hush"),
            IntrospectionConfig.Authentication.CLIENT_SECRET_BASIC,
            Duration.ofSeconds(30)),
        asking);
    assertFalse(asking.toString().contains("hush"));
  }

  @Test
  void everySettingOfIntrospectionIsRead() {
    AuthConfig auth =
        introspection(
            "{endpoint: 'https://id.example.com/i', client-id: g, client-secret: h, "
                + "authentication: client_secret_post, cache: 5s}");
    assertEquals(
        new IntrospectionConfig(
            Optional.of(URI.create("https://id.example.com/i")),
            "g",
            new Secret("h"),
            IntrospectionConfig.Authentication.CLIENT_SECRET_POST,
            Duration.ofSeconds(5)),
        ((AuthConfig.Introspection) auth).introspection());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint: 'http://id.example.com/i'",
        "authentication: none",
        "cache: 301s",
        "client-id: ''"
      })
  void introspectionThatCannotWorkIsRefused(String setting) {
    String key = setting.substring(0, setting.indexOf(':'));
    String more = key.equals("client-id") ? "" : "client-id: g, ";
    List<ConfigProblem> problems =
        problems(
            "  mode: introspection",
            "  issuer: https://id.example.com",
            "  audience: [a]",
            "  introspection: {" + more + "client-secret: h, " + setting + "}");
    assertEquals(
        List.of("auth.introspection." + key), problems.stream().map(ConfigProblem::key).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jwks-uri: 'https://id.example.com/k'",
        "algorithms: [RS256]",
        "token-types: [JWT]"
      })
  void settingOfSignaturesIsRefusedWhereTheIssuerIsAsked(String line) {
    assertRefused(
        5,
        "auth." + line.substring(0, line.indexOf(':')),
        "means nothing in mode introspection",
        "  mode: introspection",
        "  issuer: https://id.example.com",
        "  audience: [a]",
        "  " + line,
        "  introspection: {client-id: gate, client-secret: hush}");
  }

  @Test
  void introspectionBelongsToItsMode() {
    assertRefused(
        4,
        "auth.introspection",
        "belongs to mode introspection",
        "  issuer: https://id.example.com",
        "  audience: [a]",
        "  introspection: {client-id: gate, client-secret: hush}");
    assertRefused(
        1,
        "auth",
        "needs the key introspection",
        "  mode: introspection",
        "  issuer: https://id.example.com",
        "  audience: [a]");
  }

  @Test
  void passthroughNeedsNothingElse() {
    assertEquals(new AuthConfig.Passthrough(), accept("  mode: passthrough"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "issuer: https://id.example.com",
        "audience: [a]",
        "required-scopes: [a]",
        "user-claims: {id: sub}",
        "introspection: {client-id: a, client-secret: b}",
        "issuers: []"
      })
  void passthroughRefusesWhatItWouldNotHeed(String line) {
    assertRefused(
        3,
        "auth." + line.substring(0, line.indexOf(':')),
        "means nothing in mode passthrough",
        "  mode: passthrough",
        "  " + line);
  }

  @Test
  void passthroughRoutesKnowNobody() {
    String text =
        """
        auth: {mode: passthrough}
        routes:
          - path: /a
            upstream: http://h
            on-token-expiry: close
          - path: /b
            upstream: http://h
            identity-headers: {X-Name: name}
          - path: /c
            upstream: http://h
            identity-headers: {}
        """;
    List<ConfigProblem> problems = Refusals.refuse(text, Map.of()).problems();
    assertEquals(
        List.of("routes[0].on-token-expiry", "routes[1].identity-headers"),
        problems.stream().map(ConfigProblem::key).toList());
    assertEquals(List.of(5, 8), problems.stream().map(ConfigProblem::line).toList());
  }

  @Test
  void keysMayComeFromAFile() {
    assertEquals(
        Optional.of(URI.create("file:/etc/keys.json")),
        Refusals.acceptAuth("jwks-uri: file:/etc/keys.json").jwksUri());
    for (String other : List.of("file:keys.json", "file://host/keys.json", "file:/k?x")) {
      Refusals.assertAuthRefused("jwks-uri: '" + other + "'", "jwks-uri", "or file:/path");
    }
  }

  @Test
  void cookieKeysComeFromTheTextOrAFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key");
    Files.writeString(file, KEY + "\n");
    EncryptionConfig encryption =
        cookie("{keys: [{key: 'file:" + file + "'}, {id: old, key: " + KEY + "}]}");
    assertFalse(encryption.acceptPlain());
    assertEquals(32, encryption.keys().getFirst().bytes().length);
    assertEquals(Optional.of("old"), encryption.keys().get(1).id());
    assertFalse(encryption.toString().contains("AAA"));
    assertTrue(cookie("{keys: [{key: " + KEY + "}], accept-plain: true}").acceptPlain());
  }

  @Test
  void cookieKeyThatIsNoneIsRefusedWithoutBeingQuoted() {
    for (String bad : List.of("A".repeat(42), "A".repeat(44), "canary!" + "A".repeat(36))) {
      Refusals.assertRefused(
          "cookie: {encryption: {keys: [{key: '" + bad + "'}]}}",
          "cookie.encryption.keys[0].key",
          "must be 32 random bytes in base64url");
    }
    Refusals.assertRefused(
        "cookie: {encryption: {keys: [{key: 'file:/nowhere/key'}]}}",
        "cookie.encryption.keys[0].key",
        "cannot be read");
  }

  @Test
  void ringOfCookieKeysMustBeOne() {
    String key = "key: " + KEY;
    Refusals.assertRefused(
        "cookie: {encryption: {keys: []}}", "cookie.encryption.keys", "at least one item");
    Refusals.assertRefused(
        "cookie: {encryption: {keys: [{id: a, %s}, {id: a, %s}]}}".formatted(key, key),
        "cookie.encryption.keys",
        "different ids");
    Refusals.assertRefused(
        "cookie: {encryption: {keys: [{id: 'a b', %s}]}}".formatted(key),
        "cookie.encryption.keys[0].id",
        "up to 64");
  }

  @Test
  void formsThatTheSampleFileTellsOfAreValid() throws Exception {
    String sample = Files.readString(Path.of("config", "gatehouse.yaml"));
    Map<String, String> environment = Map.of("SECRET", "s", "OLD_KEY", KEY);
    String sealed =
        sample.replaceAll("(?m)^( *)# (encryption: )", "$1$2").replace("file:/run/secrets/b", KEY);
    assertTrue(parse(sealed, environment).cookie().encryption().isPresent());
    String several =
        sample
            .replaceAll("(?m)^  (issuer|audience|algorithms|token-types|clock-skew): .*\n", "")
            .replaceAll("(?m)^  (required-|user-)(claims|scopes): .*\n", "")
            .replaceAll("(?m)^( *)# (issuers: )", "$1$2");
    assertEquals(2, parse(several, environment).auth().issuers().size());
    String asking =
        sample
            .replace("mode: jwt", "mode: introspection")
            .replaceAll("(?m)^  (algorithms|token-types): .*\n", "")
            .replaceAll("(?m)^( *)# (introspection: .*)\n *#", "$1$2\n   ");
    assertInstanceOf(AuthConfig.Introspection.class, parse(asking, environment).auth());
  }

  private static GatehouseConfig parse(String text, Map<String, String> environment)
      throws ConfigException {
    return ConfigFile.parse("gatehouse.yaml", text, environment);
  }

  private static EncryptionConfig cookie(String encryption) {
    return Refusals.accept(Refusals.file("cookie: {encryption: " + encryption + "}", "", ""))
        .cookie()
        .encryption()
        .orElseThrow();
  }

  private static AuthConfig introspection(String settings) {
    return accept(
        "  mode: introspection",
        "  issuer: https://id.example.com",
        "  audience: [a]",
        "  introspection: " + settings);
  }

  private static String file(String... auth) {
    return "auth:\n" + String.join("\n", auth) + "\nroutes: [{path: /a, upstream: 'http://h'}]\n";
  }

  private static AuthConfig accept(String... auth) {
    return Refusals.accept(file(auth)).auth();
  }

  private static List<ConfigProblem> problems(String... auth) {
    return Refusals.refuse(file(auth), Map.of()).problems();
  }

  private static void assertRefused(int line, String key, String cure, String... auth) {
    List<ConfigProblem> problems = problems(auth);
    assertEquals(1, problems.size(), problems.toString());
    assertEquals(key, problems.getFirst().key());
    assertEquals(line, problems.getFirst().line(), problems.toString());
    assertTrue(problems.getFirst().cure().contains(cure), problems.toString());
  }
}
