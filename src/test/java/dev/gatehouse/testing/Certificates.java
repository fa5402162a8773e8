package dev.gatehouse.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/// A certificate for loopback with its key, in the forms a server is configured with.
///
/// @param chain the server's own first; clients trust the last
public record Certificates(List<HeldCertificate> chain) {
  /// What PKCS#12 files made here are read with.
  public static final String PASSWORD = "changeit";

  /// One that signed itself, with an elliptic curve key.
  public static Certificates ec() {
    return new Certificates(List.of(forLoopback().ecdsa256().build()));
  }

  /// One that signed itself, with an RSA key.
  public static Certificates rsa() {
    return new Certificates(List.of(forLoopback().rsa2048().build()));
  }

  /// One signed by an intermediate authority, whose root the server does not send.
  public static Certificates issued() {
    HeldCertificate root = new HeldCertificate.Builder().certificateAuthority(1).build();
    HeldCertificate middle =
        new HeldCertificate.Builder().certificateAuthority(0).signedBy(root).build();
    HeldCertificate server = forLoopback().rsa2048().signedBy(middle).build();
    return new Certificates(List.of(server, middle, root));
  }

  private static HeldCertificate.Builder forLoopback() {
    return new HeldCertificate.Builder()
        .addSubjectAlternativeName("127.0.0.1")
        .addSubjectAlternativeName("localhost");
  }

  /// The server's own.
  public X509Certificate own() {
    return chain.getFirst().certificate();
  }

  /// What is sent: all but a root of its own.
  public List<X509Certificate> sent() {
    return chain.stream()
        .limit(Math.max(1, chain.size() - 1))
        .map(HeldCertificate::certificate)
        .toList();
  }

  /// Writes `NAME.crt` and `NAME.key`.
  public void writePem(Path folder, String name) throws IOException {
    String pem =
        String.join(
            "", chain.stream().limit(sent().size()).map(HeldCertificate::certificatePem).toList());
    Files.writeString(folder.resolve(name + ".crt"), pem);
    Files.writeString(folder.resolve(name + ".key"), chain.getFirst().privateKeyPkcs8Pem());
  }

  /// Writes a PKCS#12 file.
  public void writePkcs12(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        chain.getFirst().keyPair().getPrivate(),
        PASSWORD.toCharArray(),
        sent().toArray(Certificate[]::new));
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  /// What a server shows, and wants to see.
  public HandshakeCertificates shown() {
    return new HandshakeCertificates.Builder()
        .heldCertificate(chain.getFirst())
        .addTrustedCertificate(chain.getLast().certificate())
        .build();
  }

  /// What a client needs to trust it.
  public HandshakeCertificates trust() {
    return new HandshakeCertificates.Builder()
        .addTrustedCertificate(chain.getLast().certificate())
        .build();
  }
}
