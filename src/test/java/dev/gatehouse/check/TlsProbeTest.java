package dev.gatehouse.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Secret;
import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsProbeTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;

  private static Instant end = Instant.EPOCH;

  @BeforeAll
  static void makeCertificates()
      throws IOException, GeneralSecurityException, InterruptedException {
    end = makeCertificate("rsa", "RSA").getNotAfter().toInstant();
    makeCertificate("ec", "EC");
    makeCertificate("other", "EC");
  }

  @Test
  void pairThatBelongsTogetherPasses() {
    for (String name : List.of("rsa", "ec")) {
      List<Finding> findings = probe(name, name, end.minus(Duration.ofDays(30)));
      assertEquals(List.of(true, true), findings.stream().map(Finding::passed).toList(), name);
    }
  }

  @Test
  void pkcs12FilePasses() {
    TlsConfig tls = new TlsConfig.Pkcs12(folder.resolve("ec.p12"), new Secret("changeit"));
    List<Finding> findings =
        new TlsProbe(tls, InstantSource.fixed(end.minus(Duration.ofDays(30)))).run();
    assertEquals(List.of(true, true), findings.stream().map(Finding::passed).toList());
    assertTrue(findings.toString().contains("ec.p12 is valid until"), findings.toString());
  }

  @Test
  void pkcs12FileWithAnotherPasswordFails() {
    TlsConfig tls = new TlsConfig.Pkcs12(folder.resolve("ec.p12"), new Secret("another"));
    assertFailed(new TlsProbe(tls, InstantSource.fixed(end)).run().getFirst(), "password");
  }

  @Test
  void keyOfAnotherCertificateFails() {
    for (String key : List.of("rsa", "other")) {
      Finding match = probe("ec", key, end.minus(Duration.ofDays(30))).getLast();
      assertFailed(match, "does not belong to the certificate");
    }
  }

  @Test
  void expiredCertificateFails() {
    assertFailed(probe("rsa", "rsa", end.plusSeconds(1)).getFirst(), "expired at");
  }

  @Test
  void certificateOfTheFutureFails() {
    assertFailed(
        probe("rsa", "rsa", end.minus(Duration.ofDays(91))).getFirst(), "not valid before");
  }

  @Test
  void certificateThatEndsSoonPassesWithAdvice() {
    Finding finding = probe("rsa", "rsa", end.minus(Duration.ofDays(13))).getFirst();
    assertTrue(finding.passed());
    assertTrue(finding.text().contains("renew it"), finding.text());
  }

  @Test
  void missingFilesAreNamed() {
    assertFailed(probe("none", "rsa", end).getFirst(), "none.crt is no readable PEM certificate");
    assertFailed(probe("rsa", "none", end).getLast(), "none.key is no readable PKCS#8 key");
  }

  @Test
  void filesThatAreNoPemFail() throws IOException {
    Files.writeString(folder.resolve("text.crt"), "no certificate");
    Files.writeString(
        folder.resolve("text.key"),
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    assertFailed(probe("text", "rsa", end).getFirst(), "is no readable PEM certificate");
    assertFailed(probe("rsa", "text", end).getLast(), "openssl pkcs8");
  }

  private static void assertFailed(Finding finding, String text) {
    assertTrue(!finding.passed() && finding.text().contains(text), finding.toString());
  }

  private static List<Finding> probe(String certificate, String key, Instant now) {
    TlsConfig tls =
        new TlsConfig.Pem(folder.resolve(certificate + ".crt"), folder.resolve(key + ".key"));
    return new TlsProbe(tls, InstantSource.fixed(now)).run();
  }

  private static X509Certificate makeCertificate(String name, String algorithm)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-validity",
                "90",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(3, TimeUnit.MINUTES) && keytool.exitValue() == 0);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    X509Certificate certificate = (X509Certificate) keys.getCertificate("a");
    Key key = keys.getKey("a", PASSWORD);
    writePem(name + ".crt", "CERTIFICATE", certificate.getEncoded());
    writePem(name + ".key", "PRIVATE KEY", key.getEncoded());
    return certificate;
  }

  private static void writePem(String file, String label, byte[] content) throws IOException {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, base64, label));
  }
}
