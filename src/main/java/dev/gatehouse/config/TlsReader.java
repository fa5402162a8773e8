package dev.gatehouse.config;

import java.nio.file.Path;

/// Reads `server.tls`, which has exactly one of two forms.
final class TlsReader {
  private static final Path ANY_FILE = Path.of("");
  private static final Secret ANY_PASSWORD = new Secret("any");
  private static final TlsConfig ANY = new TlsConfig.Pem(ANY_FILE, ANY_FILE);

  private TlsReader() {}

  static TlsConfig tls(Section section) {
    boolean pem = section.hasAny("certificate", "key");
    boolean pkcs12 = section.hasAny("keystore", "password");
    if (pem == pkcs12) {
      return section.build(ANY, TlsReader::undecided);
    }
    TlsConfig tls = pem ? pem(section) : pkcs12(section);
    return section.build(tls, () -> tls);
  }

  private static TlsConfig undecided() {
    throw new InvalidSettingException(
        "needs either certificate and key (PEM), or keystore and password (PKCS#12)");
  }

  private static TlsConfig pem(Section section) {
    Path certificate = section.required("certificate", ANY_FILE, ConfigFile::path);
    Path key = section.required("key", ANY_FILE, ConfigFile::path);
    return new TlsConfig.Pem(certificate, key);
  }

  private static TlsConfig pkcs12(Section section) {
    Path keystore = section.required("keystore", ANY_FILE, ConfigFile::path);
    Secret password = section.required("password", ANY_PASSWORD, Secret::parse);
    return new TlsConfig.Pkcs12(keystore, password);
  }
}
