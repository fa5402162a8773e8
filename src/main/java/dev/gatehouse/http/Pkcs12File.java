package dev.gatehouse.http;

import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Certificate chain and key in one PKCS#12 file.
final class Pkcs12File {
  private Pkcs12File() {}

  static ServerIdentity read(TlsConfig.Pkcs12 file) throws UnusableIdentityException {
    char[] password = file.password().reveal().toCharArray();
    String place = "server.tls.keystore: " + file.keystore();
    try {
      KeyStore store = open(file, password);
      List<String> keys = keys(store);
      if (keys.size() != 1) {
        throw new UnusableIdentityException(
            "%s holds %d private keys".formatted(place, keys.size()),
            "name a file with exactly one, beside its certificate chain");
      }
      return identity(store, keys.getFirst(), password);
    } catch (IOException | GeneralSecurityException _) {
      throw new UnusableIdentityException(
          place + " can not be read as PKCS#12 with server.tls.password",
          "correct the path or the password, or convert the file with keytool -importkeystore");
    }
  }

  private static KeyStore open(TlsConfig.Pkcs12 file, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file.keystore())) {
      store.load(in, password);
    }
    return store;
  }

  private static List<String> keys(KeyStore store) throws GeneralSecurityException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
        keys.add(alias);
      }
    }
    return keys;
  }

  private static ServerIdentity identity(KeyStore store, String alias, char[] password)
      throws GeneralSecurityException {
    Certificate @Nullable [] certificates = store.getCertificateChain(alias);
    if (certificates == null) {
      throw new KeyStoreException("a key without certificates");
    }
    List<X509Certificate> chain = Stream.of(certificates).map(X509Certificate.class::cast).toList();
    return new ServerIdentity((PrivateKey) store.getKey(alias, password), chain);
  }
}
