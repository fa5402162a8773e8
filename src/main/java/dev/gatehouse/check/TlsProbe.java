package dev.gatehouse.check;

import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether certificate and key can be read, belong together and are still valid.
record TlsProbe(TlsConfig tls, InstantSource clock) {
  private static final Duration SOON = Duration.ofDays(14);
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  List<Finding> run() {
    Optional<X509Certificate> certificate = certificate();
    if (certificate.isEmpty()) {
      return List.of(
          Finding.failed(
              "server.tls.certificate: %s is no readable PEM certificate"
                  .formatted(tls.certificate()),
              "name a file that begins with -----BEGIN CERTIFICATE-----"));
    }
    return List.of(validity(certificate.get()), match(certificate.get()));
  }

  private Finding validity(X509Certificate certificate) {
    Instant now = clock.instant();
    Instant start = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    String place = "server.tls.certificate: " + tls.certificate();
    if (now.isBefore(start)) {
      return Finding.failed(
          "%s is not valid before %s".formatted(place, start), "check the clock, or wait");
    }
    if (now.isAfter(end)) {
      return Finding.failed("%s expired at %s".formatted(place, end), "renew it");
    }
    String text = "%s is valid until %s".formatted(place, end);
    boolean soon = Duration.between(now, end).compareTo(SOON) < 0;
    return soon ? Finding.advice(text, "renew it within two weeks") : Finding.passed(text);
  }

  private Finding match(X509Certificate certificate) {
    String place = "server.tls.key: " + tls.key();
    Optional<byte[]> encoded = encodedKey(tls.key());
    if (encoded.isEmpty()) {
      return Finding.failed(
          place + " is no readable PKCS#8 key in PEM",
          "convert it: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
    }
    return belongTogether(certificate, encoded.get())
        ? Finding.passed(place + " belongs to the certificate")
        : Finding.failed(
            place + " does not belong to the certificate",
            "name the key the certificate was made for, and the server's own certificate first");
  }

  private Optional<X509Certificate> certificate() {
    try (var in = Files.newInputStream(tls.certificate())) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .findFirst();
    } catch (IOException | GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> encodedKey(Path file) {
    try {
      Matcher pem = PKCS8.matcher(Files.readString(file));
      return pem.find()
          ? Optional.of(Base64.getMimeDecoder().decode(pem.group(1)))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Signs with the one and verifies with the other, whatever kind of key it is.
  private static boolean belongTogether(X509Certificate certificate, byte[] encodedKey) {
    try {
      String kind = certificate.getPublicKey().getAlgorithm();
      PrivateKey key =
          KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encodedKey));
      Signature signature = Signature.getInstance(signatureFor(kind));
      signature.initSign(key);
      signature.update(encodedKey);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(encodedKey);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String signatureFor(String kind) {
    return switch (kind) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> kind;
    };
  }
}
