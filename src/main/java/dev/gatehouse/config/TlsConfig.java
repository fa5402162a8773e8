package dev.gatehouse.config;

import java.nio.file.Path;

/// The certificate chain and its PKCS#8 private key, both PEM (RFC 7468).
public record TlsConfig(Path certificate, Path key) {}
