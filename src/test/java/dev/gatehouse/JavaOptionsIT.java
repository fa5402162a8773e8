package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Certificates;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Ready;
import dev.gatehouse.testing.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program with options of Java that operators give it.
@Timeout(120)
final class JavaOptionsIT {

  /// Java's own and those that it believes, in one file.
  private static final String[] CERTIFICATES =
      Stream.of("keyStore", "trustStore")
          .flatMap(store ->
              Stream.of(
                  "-Djavax.net.ssl.%s=both.p12".formatted(store),
                  "-Djavax.net.ssl.%sPassword=%s".formatted(store, Certificates.PASSWORD)))
          .toArray(String[]::new);

  @TempDir private Path folder;
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "pong");

  @AfterEach
  void stop() throws Exception {
    upstream.close();
  }

  private Program start(TestIssuer issuer, String... options) throws Exception {
    return startWith(issuer, upstream.uri().toString(), options);
  }

  private Program startWith(TestIssuer issuer, String agent, String... options) throws Exception {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server: {listen: '127.0.0.1:0'}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: %s, upstream: '%s'}
        """
            .formatted(issuer.issuer(), PATH, agent));
    return Program.start(List.of(options), folder, "serve", "--config", "gate.yaml");
  }

  private static int ask(Ready ready, TestIssuer issuer) {
    return Browser.at(ready.gate())
        .signedInWith(issuer.tokenFor("user-1"))
        .post(PATH, Browser.MESSAGE)
        .status();
  }

  private static void assertServes(Program program, TestIssuer issuer) throws Exception {
    assertEquals(200, ask(Ready.withKeys(program), issuer));
  }

  @Test
  void issuerOverTlsIsBelievedByTheTrustStoreOfJavaAndShownItsCertificate() throws Exception {
    Certificates certificates = Certificates.ec();
    certificates.writePkcs12(folder.resolve("both.p12"));
    try (TestIssuer issuer = TestIssuer.overTls(certificates);
        Program program = start(issuer, CERTIFICATES)) {
      assertServes(program, issuer);
    }
  }

  @Test
  void agentOverTlsIsReachedHoweverItsSchemeIsWritten() throws Exception {
    Certificates certificates = Certificates.ec();
    certificates.writePkcs12(folder.resolve("both.p12"));
    try (TestIssuer issuer = TestIssuer.start();
        MockWebServer agent = new MockWebServer()) {
      agent.useHttps(certificates.shown().sslSocketFactory());
      agent.enqueue(new MockResponse.Builder().body("pong").build());
      agent.start();
      try (Program program =
          startWith(issuer, "HTTPS://127.0.0.1:" + agent.getPort() + "/", CERTIFICATES)) {
        assertServes(program, issuer);
      }
    }
  }

  @Test
  void issuerOverTlsThatNobodyVouchesForIsNotBelieved() throws Exception {
    try (TestIssuer issuer = TestIssuer.overTls(Certificates.ec());
        Program program = start(issuer)) {
      Ready ready = Ready.of(program);
      Await.that(
          "the certificate was refused",
          () ->
              program.err().stream()
                  .anyMatch(line -> line.contains("unreachable (SSLHandshakeException)")));
      assertEquals(503, ready.readiness());
      assertEquals(503, ask(ready, issuer));
      assertEquals(0, issuer.jwksFetches());
    }
  }

  @Test
  void logbackConfigurationOfTheOperatorIsTaken() throws Exception {
    Files.writeString(
        folder.resolve("log.xml"),
        """
        <configuration>
          <appender name="audit" class="ch.qos.logback.core.FileAppender">
            <file>audit.txt</file>
            <encoder><pattern>of the operator: %msg%n</pattern></encoder>
          </appender>
          <logger name="gatehouse.audit" level="INFO"><appender-ref ref="audit"/></logger>
        </configuration>
        """);
    try (TestIssuer issuer = TestIssuer.start();
        Program program = start(issuer, "-Dlogback.configurationFile=log.xml")) {
      assertServes(program, issuer);
      program.terminate();
      assertEquals(0, program.exitCode());
      List<String> lines = Files.readAllLines(folder.resolve("audit.txt"));
      assertTrue(lines.contains("of the operator: decision"), lines::toString);
      assertEquals(List.of(), program.err());
    }
  }

  @Test
  void logbackConfigurationThatIsMissingIsToldAndChangesNothing() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        Program program = start(issuer, "-Dlogback.configurationFile=/nobody/has/this.xml")) {
      assertServes(program, issuer);
      program.terminate();
      assertEquals(0, program.exitCode());
      assertEquals(1, program.out().size());
      assertTrue(
          program.err().getFirst().contains("there is no Logback configuration /nobody/has/this"),
          program.err()::toString);
      assertTrue(program.err().stream().allMatch(line -> line.startsWith("{")));
      assertTrue(program.err().stream().noneMatch(line -> line.contains("DEBUG")));
    }
  }
}
