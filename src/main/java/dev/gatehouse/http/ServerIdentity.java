package dev.gatehouse.http;

import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/// What the public listener proves itself with. It exists only if the key belongs to the first
/// certificate and each certificate was issued by the next.
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
  private static final String ALIAS = "server";

  /// Guards nothing: the store made with it never leaves memory.
  static final String STORE_PASSWORD = "in-memory";

  public ServerIdentity {
    chain = List.copyOf(chain);
  }

  /// Reads the files.
  ///
  /// @throws UnusableIdentityException with the setting at fault and the cure
  public static ServerIdentity read(TlsConfig config) throws UnusableIdentityException {
    return switch (config) {
      case TlsConfig.Pem pem -> checked(PemFiles.read(pem), "server.tls.key: " + pem.key());
      case TlsConfig.Pkcs12 store ->
          checked(Pkcs12File.read(store), "server.tls.keystore: key of " + store.keystore());
    };
  }

  private static ServerIdentity checked(ServerIdentity identity, String place)
      throws UnusableIdentityException {
    if (!identity.belongsTogether()) {
      throw new UnusableIdentityException(
          place + " does not belong to the certificate",
          "name the key the certificate was made for, and the server's own certificate first");
    }
    identity.keyStore();
    return identity;
  }

  /// Signs with the one and verifies with the other, whatever kind of key it is.
  private boolean belongsTogether() {
    try {
      byte[] probe = chain.getFirst().getEncoded();
      Signature signature = Signature.getInstance(signatureFor(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(chain.getFirst().getPublicKey());
      signature.update(probe);
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

  /// The form TLS libraries take it in.
  KeyStore keyStore() throws UnusableIdentityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          ALIAS, key, STORE_PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException _) {
      throw new UnusableIdentityException(
          "server.tls: the certificates of the chain do not follow each other",
          "put the server's own certificate first, then the one of its issuer, and so on");
    }
  }
}
