package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Secret;
import dev.gatehouse.config.TlsConfig;
import dev.gatehouse.testing.Certificates;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerIdentityTest {
  @TempDir private Path folder;

  private TlsConfig pem(String certificate, String key) {
    return new TlsConfig.Pem(folder.resolve(certificate + ".crt"), folder.resolve(key + ".key"));
  }

  private TlsConfig pkcs12(String password) {
    return new TlsConfig.Pkcs12(folder.resolve("store.p12"), new Secret(password));
  }

  @Test
  void pemIsRead() throws Exception {
    for (Certificates certificates :
        List.of(Certificates.rsa(), Certificates.ec(), Certificates.issued())) {
      certificates.writePem(folder, "server");
      assertEquals(certificates.sent(), ServerIdentity.read(pem("server", "server")).chain());
    }
  }

  @Test
  void pkcs12IsRead() throws Exception {
    Certificates certificates = Certificates.issued();
    certificates.writePkcs12(folder.resolve("store.p12"));
    assertEquals(certificates.sent(), ServerIdentity.read(pkcs12(Certificates.PASSWORD)).chain());
  }

  @Test
  void wrongPasswordIsNotSaidToBeTheFilesFault() throws Exception {
    Certificates.ec().writePkcs12(folder.resolve("store.p12"));
    UnusableIdentityException e = refuse(pkcs12("secret-word"));
    assertTrue(e.fault().contains("server.tls.password"), e.fault());
    assertFalse(String.valueOf(e.getMessage()).contains("secret-word"));
  }

  @Test
  void storeWithTwoKeysIsRefused() throws Exception {
    char[] password = Certificates.PASSWORD.toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (HeldCertificate held :
        List.of(Certificates.ec().chain().getFirst(), Certificates.rsa().chain().getFirst())) {
      store.setKeyEntry(
          held.certificate().getSerialNumber().toString() + store.size(),
          held.keyPair().getPrivate(),
          password,
          new Certificate[] {held.certificate()});
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("store.p12"))) {
      store.store(out, password);
    }
    assertTrue(refuse(pkcs12(Certificates.PASSWORD)).fault().contains("holds 2 private keys"));
  }

  @Test
  void keyOfAnotherCertificateIsRefused() throws Exception {
    Certificates.ec().writePem(folder, "one");
    Certificates.ec().writePem(folder, "other");
    Certificates.rsa().writePem(folder, "rsa");
    for (String key : List.of("other", "rsa")) {
      assertTrue(refuse(pem("one", key)).fault().contains("does not belong"), key);
    }
  }

  @Test
  void chainOutOfOrderIsRefused() throws Exception {
    Certificates certificates = Certificates.issued();
    certificates.writePem(folder, "server");
    HeldCertificate stranger = new HeldCertificate.Builder().build();
    Files.writeString(
        folder.resolve("server.crt"),
        certificates.chain().getFirst().certificatePem() + stranger.certificatePem());
    assertTrue(refuse(pem("server", "server")).fault().contains("do not follow each other"));
  }

  private static UnusableIdentityException refuse(TlsConfig config) {
    return assertThrows(UnusableIdentityException.class, () -> ServerIdentity.read(config));
  }
}
