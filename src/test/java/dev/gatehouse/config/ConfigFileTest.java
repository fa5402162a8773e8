package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.accept;
import static dev.gatehouse.config.Refusals.assertRefused;
import static dev.gatehouse.config.Refusals.file;
import static dev.gatehouse.config.Refusals.refusal;
import static dev.gatehouse.config.Refusals.refuse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {

  @Test
  void silentFileGivesTheDefaults() {
    assertEquals(
        new GatehouseConfig(
            ServerConfig.DEFAULTS,
            AdminConfig.DEFAULTS,
            CookieConfig.DEFAULTS,
            AuthConfig.of("https://id.example.com", Set.of("agent-api")),
            CrossSiteConfig.DEFAULTS,
            AuditConfig.DEFAULTS,
            TelemetryConfig.DEFAULTS,
            List.of(
                RouteConfig.of(
                    "/api/chatkit",
                    URI.create("http://127.0.0.1:8000/chatkit"),
                    ProtocolName.CHATKIT)),
            ChatKitConfig.DEFAULTS,
            Optional.empty()),
        accept(file("", "", "")));
  }

  @Test
  void fileIsRead(@TempDir Path folder) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("gatehouse.yaml"), file("webapp: page", "", ""));
    assertEquals(Optional.of(Path.of("page")), ConfigFile.read(file, Map.of()).webapp());
  }

  @Test
  void slipOfTheKeyboardIsShownWithFileLineAndCure() {
    String text = file("", "", "protocol: chatkt");
    assertEquals(
        "gatehouse.yaml:9: routes[0].protocol: unknown value 'chatkt', did you mean 'chatkit'?",
        refuse(text, Map.of()).getMessage());
  }

  @Test
  void wordFarFromAllIsAnsweredWithTheChoices() {
    String message = refuse(file("", "", "protocol: grpc"), Map.of()).getMessage();
    assertTrue(
        message.endsWith(
            "unknown value 'grpc', use one of: chatkit, ag-ui, mcp, a2a, ai-sdk, openai, json,"
                + " raw"),
        message);
  }

  @Test
  void allProblemsComeAtOnceInTheOrderOfTheFile() {
    String text = file("cookie: {name: a b}", "issuer-url: x", "heartbeat: fast");
    assertEquals(
        List.of("cookie.name", "auth.issuer-url", "routes[0].heartbeat"),
        refuse(text, Map.of()).problems().stream().map(ConfigProblem::key).toList());
  }

  @Test
  void unknownSectionIsRefused() {
    assertRefused("sever: {listen: 127.0.0.1:0}", "sever", "did you mean 'server'?");
  }

  @Test
  void unknownKeyIsRefusedAtEveryDepth() {
    assertRefused("server: {lisen: 127.0.0.1:0}", "server.lisen", "did you mean 'listen'?");
    assertRefused("admin: {port: 1}", "admin.port", "use one of: listen");
    Refusals.assertRouteRefused(
        "timeouts: {first_byte: 1s}", "timeouts.first_byte", "did you mean 'first-byte'?");
    Refusals.assertRouteRefused(
        "context: {target: [/a]}", "context.target", "did you mean 'targets'?");
  }

  @Test
  void keyThatIsThereTwiceIsRefused() {
    String text = file("admin: {listen: 127.0.0.1:0}\nadmin: {listen: 127.0.0.1:1}", "", "");
    assertEquals(
        "gatehouse.yaml:2: admin: is there twice; keep one of the two",
        refuse(text, Map.of()).getMessage());
  }

  @Test
  void keyWithoutValueIsRefused() {
    assertRefused("cookie: {name: }", "cookie.name", "has no value");
    assertRefused("cookie:", "cookie", "has no value");
    Refusals.assertAuthRefused("required-scopes:", "required-scopes", "has no value");
  }

  @Test
  void listSectionAndValueAreNotMistakenForEachOther() {
    assertRefused("cookie: auth_token", "cookie", "must be a mapping");
    assertRefused("cookie: {name: [a]}", "cookie.name", "must be a single value");
    Refusals.assertRouteRefused("methods: POST", "methods", "must be a list");
    Refusals.assertRouteRefused("timeouts: [5s]", "timeouts", "must be a mapping");
  }

  @Test
  void itemIsNamedByItsPlace() {
    assertRefused(
        "server: {public-origins: ['https://a.example', '*']}",
        "server.public-origins[1]",
        "one exact origin");
  }

  @Test
  void brokenYamlIsShownWithItsLine() {
    assertEquals(
        "gatehouse.yaml:1: is not valid YAML: mapping values are not allowed here",
        refusal("cookie: name: x"));
    assertTrue(refusal("cookie: [a").startsWith("gatehouse.yaml:2: is not valid YAML"));
    assertTrue(refusal("x: 1\ny: \u0001").startsWith("gatehouse.yaml:2: is not valid YAML"));
    assertTrue(refusal("? [a]\n: b").startsWith("gatehouse.yaml: is not valid YAML"));
  }

  @Test
  void brokenYamlNeverQuotesItsText() {
    assertFalse(refusal("cookie: {name: *s3cr3t}").contains("s3cr3t"));
    assertFalse(refusal("cookie: {name: !s3cr3t!x y}").contains("s3cr3t"));
  }

  @Test
  void unquotedReferenceInsideBracketsIsExplained() {
    assertTrue(refusal("webapp: [${FOLDER}]").contains("put quotes around \"${NAME}\""));
  }

  @Test
  void secondDocumentIsRefused() {
    assertTrue(
        refuse(file("", "", "") + "---\nwebapp: x\n", Map.of())
            .getMessage()
            .contains("single document"));
  }

  @Test
  void rootThatIsNoMappingIsRefused() {
    for (String text : List.of("", "# only a comment\n", "- a\n", "plain", "null")) {
      assertEquals(
          "gatehouse.yaml:1: must be a mapping of sections such as auth: and routes:",
          refuse(text, Map.of()).getMessage());
    }
  }

  @Test
  void missingFileIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    var e = assertThrows(ConfigException.class, () -> ConfigFile.read(file, Map.of()));
    assertEquals(file + ": does not exist; name another with --config", e.getMessage());
  }

  @Test
  void unreadableFileIsNamed(@TempDir Path folder) throws IOException {
    var e = assertThrows(ConfigException.class, () -> ConfigFile.read(folder, Map.of()));
    assertTrue(e.getMessage().startsWith(folder + ": cannot be read"), e.getMessage());

    Path binary = Files.write(folder.resolve("latin1.yaml"), new byte[] {'a', ':', (byte) 0xe9});
    e = assertThrows(ConfigException.class, () -> ConfigFile.read(binary, Map.of()));
    assertEquals(binary + ": is not UTF-8 text", e.getMessage());
  }

  @Test
  void anchorsShareWhatRoutesHaveInCommon() {
    String text =
        file("", "", "timeouts: &slow {idle: 1h}")
            + "  - {path: /b, upstream: 'http://127.0.0.1:1', timeouts: *slow}\n";
    List<RouteConfig> routes = accept(text).routes();
    assertEquals(routes.getFirst().timeouts(), routes.getLast().timeouts());
  }

  @Test
  void aliasBombIsRefused() {
    StringBuilder bomb = new StringBuilder("l0: &l0 [x]\n");
    for (int i = 1; i <= 20; i++) {
      bomb.append("l%d: &l%d [*l%d, *l%d]%n".formatted(i, i, i - 1, i - 1));
    }
    assertTrue(refuse(bomb.toString(), Map.of()).getMessage().contains("anchors and aliases"));
  }

  @Test
  void aliasOfItselfIsRefused() {
    assertTrue(refusal("webapp: &a [*a]").contains("anchors and aliases"));
  }

  @Test
  void bottomlessNestingIsRefused() {
    String text = "a: " + "[".repeat(200_000);
    assertEquals("gatehouse.yaml:1: is nested too deeply", refuse(text, Map.of()).getMessage());
  }

  @Test
  void requiredKeysAreAskedFor() {
    assertEquals(
        """
        gatehouse.yaml:1: auth: needs the key issuer
        gatehouse.yaml:1: auth: needs the key audience
        gatehouse.yaml:1: needs the key routes\
        """,
        refuse("webapp: page", Map.of()).getMessage());
    assertEquals(
        """
        gatehouse.yaml:2: routes[0]: needs the key path
        gatehouse.yaml:2: routes[0]: needs the key upstream\
        """,
        refuse(
                "auth: {issuer: 'https://id.example.com', audience: [a]}\n"
                    + "routes: [{protocol: raw}]",
                Map.of())
            .getMessage());
  }

  @Test
  void emptyListOfRoutesIsRefused() {
    String text = "auth: {issuer: 'https://id.example.com', audience: [a]}\nroutes: []";
    assertEquals(
        "gatehouse.yaml:2: routes: must have at least one item",
        refuse(text, Map.of()).getMessage());
  }

  @Test
  void equalRoutesAreRefused() {
    String text = file("", "", "") + "  - {path: /api/chatkit, upstream: 'http://127.0.0.1:1'}\n";
    assertEquals(
        "gatehouse.yaml:10: routes[1].path: is the same path as that of routes[0]",
        refuse(text, Map.of()).getMessage());
  }

  @Test
  void adminOnThePublicListenerIsRefused() {
    assertRefused("admin: {listen: 127.0.0.1:8080}", "admin.listen", "must differ");
  }

  @Test
  void valuesComeFromTheEnvironment() throws ConfigException {
    String text = file("server: {listen: '${HOST:-127.0.0.1}:${PORT}'}", "", "");
    assertEquals(
        new ListenAddress("127.0.0.1", 9),
        ConfigFile.parse("x", text, Map.of("PORT", "9")).server().listen());
  }

  @Test
  void substitutedTextNeverGrowsIntoStructure() throws ConfigException {
    String text = file("", "required-claims: {tenant: '${TENANT}'}", "");
    String value = "a, role: admin}\n# [";
    assertEquals(
        Map.of("tenant", value),
        ConfigFile.parse("x", text, Map.of("TENANT", value))
            .auth()
            .issuers()
            .getFirst()
            .requiredClaims());
  }

  @Test
  void keysAreNotSubstituted() {
    assertEquals(
        Map.of("${TENANT}", "a"),
        Refusals.acceptAuth("required-claims: {'${TENANT}': a}").requiredClaims());
  }

  @Test
  void missingVariableIsNamedAtItsKey() {
    assertRefused("webapp: ${FOLDER}", "webapp", "environment variable FOLDER is not set");
  }

  @Test
  void substitutedValuesAreNeverPrinted() {
    Map<String, String> environment = Map.of("CANARY", "s3cr3t-c4nary");
    List<String> lines =
        List.of(
            "protocol: ${CANARY}",
            "on-token-expiry: ${CANARY}",
            "heartbeat: ${CANARY}",
            "max-body-size: ${CANARY}",
            "methods: ['${CANARY}']",
            "context: {enabled: '${CANARY}'}",
            "context: {targets: ['${CANARY}']}",
            "forward-request-headers: ['${CANARY} ']",
            "add-request-headers: {X-Api-Key: '${CANARY}\u00e9'}",
            "add-request-headers: {X-Api-Key: 'file:${CANARY}'}");
    for (String line : lines) {
      assertFalse(refuse(file("", "", line), environment).getMessage().contains("c4nary"), line);
    }
    for (String line :
        List.of("mode: ${CANARY}", "jwks-uri: ${CANARY}", "algorithms: ['${CANARY}']")) {
      assertFalse(refuse(file("", line, ""), environment).getMessage().contains("c4nary"), line);
    }
  }
}
