package dev.gatehouse.http;

import dev.gatehouse.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS as the public listener speaks it, with a certificate that is replaced when its files are.
///
/// New handshakes get the new certificate and open connections go on. A pair that can not be used,
/// such as one of which only half is written yet, changes nothing but the log.
final class TlsContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);
  private static final int LOOK_EVERY_SECONDS = 5;

  private final TlsConfig config;
  private final SslContextFactory.Server factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<String> seen;

  private TlsContext(TlsConfig config, SslContextFactory.Server factory, List<String> seen) {
    this.config = config;
    this.factory = factory;
    this.seen = seen;
  }

  /// Reads certificate and key, and from then on looks for new ones.
  ///
  /// @throws UnusableIdentityException if they can not be used
  static TlsContext open(TlsConfig config) throws UnusableIdentityException {
    List<String> seen = contents(config);
    TlsContext context = new TlsContext(config, factory(ServerIdentity.read(config)), seen);
    Thread.ofVirtual().name("gatehouse-certificate").start(context::watch);
    return context;
  }

  private static SslContextFactory.Server factory(ServerIdentity identity)
      throws UnusableIdentityException {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStore(identity.keyStore());
    factory.setKeyStorePassword(ServerIdentity.STORE_PASSWORD);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    factory.setCipherComparator(HTTP2Cipher.COMPARATOR); // some are forbidden under HTTP/2
    return factory;
  }

  /// What connections are made with.
  SslContextFactory.Server factory() {
    return factory;
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
        reload();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes over what is new in the files, if anything is. Content counts and not dates, which an
  /// atomic change of links may turn back.
  void reload() {
    lock.lock();
    try {
      List<String> now = contents(config);
      if (!now.equals(seen)) {
        seen = now;
        replace();
      }
    } finally {
      lock.unlock();
    }
  }

  private void replace() {
    try {
      ServerIdentity identity = ServerIdentity.read(config);
      KeyStore store = identity.keyStore();
      factory.reload(same -> same.setKeyStore(store));
      LOG.atInfo()
          .addKeyValue("validUntil", identity.chain().getFirst().getNotAfter().toInstant())
          .log("certificate replaced");
    } catch (UnusableIdentityException e) {
      reportKept(e.getMessage());
    } catch (Exception e) { // which is what reload declares
      reportKept(e.getClass().getName()); // its message may quote what was read
    }
  }

  private static void reportKept(@Nullable String reason) {
    LOG.atWarn()
        .addKeyValue("reason", reason)
        .log("certificate not replaced, the one before stays");
  }

  private static List<String> contents(TlsConfig config) {
    return switch (config) {
      case TlsConfig.Pem pem -> List.of(content(pem.certificate()), content(pem.key()));
      case TlsConfig.Pkcs12 store -> List.of(content(store.keystore()));
    };
  }

  private static String content(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException | GeneralSecurityException _) {
      return "unreadable";
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
