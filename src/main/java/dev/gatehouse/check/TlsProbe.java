package dev.gatehouse.check;

import dev.gatehouse.config.TlsConfig;
import dev.gatehouse.http.ServerIdentity;
import dev.gatehouse.http.UnusableIdentityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Whether certificate and key can be read, belong together and are still valid.
record TlsProbe(TlsConfig tls, InstantSource clock) {
  private static final Duration SOON = Duration.ofDays(14);

  List<Finding> run() {
    try {
      ServerIdentity identity = ServerIdentity.read(tls);
      return List.of(
          validity(identity.chain().getFirst()),
          Finding.passed(keyPlace() + " belongs to the certificate"));
    } catch (UnusableIdentityException e) {
      return List.of(Finding.failed(e.fault(), e.cure()));
    }
  }

  private Finding validity(X509Certificate certificate) {
    Instant now = clock.instant();
    Instant start = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    String place = certificatePlace();
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

  private String certificatePlace() {
    return switch (tls) {
      case TlsConfig.Pem pem -> "server.tls.certificate: " + pem.certificate();
      case TlsConfig.Pkcs12 store -> "server.tls.keystore: certificate of " + store.keystore();
    };
  }

  private String keyPlace() {
    return switch (tls) {
      case TlsConfig.Pem pem -> "server.tls.key: " + pem.key();
      case TlsConfig.Pkcs12 store -> "server.tls.keystore: key of " + store.keystore();
    };
  }
}
