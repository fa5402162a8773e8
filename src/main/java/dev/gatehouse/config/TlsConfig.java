package dev.gatehouse.config;

import java.nio.file.Path;

/// Where the public listener's certificate and private key are.
public sealed interface TlsConfig {

  /// The certificate chain and its unencrypted PKCS#8 private key, both PEM (RFC 7468).
  record Pem(Path certificate, Path key) implements TlsConfig {}

  /// A PKCS#12 file (RFC 7292) with one private key and its chain.
  record Pkcs12(Path keystore, Secret password) implements TlsConfig {}
}
