package dev.gatehouse.http;

import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificate chain and key in two PEM files.
final class PemFiles {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private PemFiles() {}

  static ServerIdentity read(TlsConfig.Pem files) throws UnusableIdentityException {
    List<X509Certificate> chain = chain(files.certificate());
    String kind = chain.getFirst().getPublicKey().getAlgorithm();
    return new ServerIdentity(key(files.key(), kind), chain);
  }

  private static List<X509Certificate> chain(Path file) throws UnusableIdentityException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (IOException | GeneralSecurityException _) {
      // said below
    }
    throw new UnusableIdentityException(
        "server.tls.certificate: %s is no readable PEM certificate".formatted(file),
        "name a file that begins with -----BEGIN CERTIFICATE-----");
  }

  private static PrivateKey key(Path file, String kind) throws UnusableIdentityException {
    byte[] encoded = encoded(file);
    try {
      return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException _) {
      throw new UnusableIdentityException(
          "server.tls.key: %s does not belong to the certificate".formatted(file),
          "name the key the certificate was made for, and the server's own certificate first");
    }
  }

  private static byte[] encoded(Path file) throws UnusableIdentityException {
    try {
      Matcher pem = PKCS8.matcher(Files.readString(file));
      if (pem.find()) {
        return Base64.getMimeDecoder().decode(pem.group(1));
      }
    } catch (IOException | IllegalArgumentException _) {
      // said below
    }
    throw new UnusableIdentityException(
        "server.tls.key: %s is no readable PKCS#8 key in PEM".formatted(file),
        "convert it: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
  }
}
