package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.RateLimitConfig;
import dev.gatehouse.config.Secret;
import dev.gatehouse.config.ServerConfig;
import dev.gatehouse.config.TlsConfig;
import dev.gatehouse.testing.Certificates;
import dev.gatehouse.testing.LogCapture;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Handshake;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.TlsVersion;
import okhttp3.tls.HandshakeCertificates;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The public listener under TLS.
final class TlsTest {
  @TempDir private Path folder;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private Optional<Listener> listener = Optional.empty();

  @AfterEach
  void stop() {
    goOn.countDown();
    listener.ifPresent(Listener::close);
  }

  private Listener serving(Optional<TlsConfig> tls) throws Exception {
    ServerConfig config =
        new ServerConfig(
            new ListenAddress("127.0.0.1", 0),
            List.of(),
            List.of(),
            tls,
            32 * 1024,
            ServerConfig.DEFAULTS.headerTimeout(),
            ServerConfig.DEFAULTS.bodyTimeout(),
            ServerConfig.DEFAULTS.drainTimeout(),
            1,
            1,
            RateLimitConfig.DEFAULTS);
    Listener started = Listener.bind("test", config);
    listener = Optional.of(started);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Slow()), "/slow");
    context.addServlet(new ServletHolder(new Plain()), "/");
    started.serve(context);
    return started;
  }

  private TlsConfig pem(Certificates certificates) throws IOException {
    certificates.writePem(folder, "server");
    return new TlsConfig.Pem(folder.resolve("server.crt"), folder.resolve("server.key"));
  }

  private static OkHttpClient client(Certificates trusted, Protocol... protocols) {
    HandshakeCertificates trust = trusted.trust();
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool())
        .protocols(List.of(protocols))
        .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
        .build();
  }

  private static OkHttpClient client(Certificates trusted) {
    return client(trusted, Protocol.HTTP_2, Protocol.HTTP_1_1);
  }

  private static Response get(OkHttpClient client, Listener from, String path) throws IOException {
    return client.newCall(new Request.Builder().url(from.uri() + path).build()).execute();
  }

  private static List<Certificate> shown(Response response) {
    Handshake handshake = response.handshake();
    return handshake == null ? List.of() : handshake.peerCertificates();
  }

  enum Kind {
    RSA {
      @Override
      Certificates make() {
        return Certificates.rsa();
      }
    },
    EC {
      @Override
      Certificates make() {
        return Certificates.ec();
      }
    },
    CHAIN {
      @Override
      Certificates make() {
        return Certificates.issued();
      }
    };

    abstract Certificates make();
  }

  @ParameterizedTest
  @EnumSource
  void pemFilesAreServedWith(Kind kind) throws Exception {
    Certificates certificates = kind.make();
    Listener tls = serving(Optional.of(pem(certificates)));
    try (Response response = get(client(certificates), tls, "/")) {
      assertEquals("HTTP/2.0 secure", response.body().string());
      assertEquals(certificates.own(), shown(response).getFirst());
    }
  }

  @Test
  void pkcs12FileIsServedWith() throws Exception {
    Certificates certificates = Certificates.issued();
    Path file = folder.resolve("server.p12");
    certificates.writePkcs12(file);
    TlsConfig config = new TlsConfig.Pkcs12(file, new Secret(Certificates.PASSWORD));
    try (Response response = get(client(certificates), serving(Optional.of(config)), "/")) {
      assertEquals("HTTP/2.0 secure", response.body().string());
    }
  }

  @Test
  void clientChoosesTheProtocol() throws Exception {
    Certificates certificates = Certificates.ec();
    Listener tls = serving(Optional.of(pem(certificates)));
    try (Response both = get(client(certificates), tls, "/");
        Response old = get(client(certificates, Protocol.HTTP_1_1), tls, "/")) {
      assertEquals(Protocol.HTTP_2, both.protocol());
      assertEquals(Protocol.HTTP_1_1, old.protocol());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TlsVersion.class,
      names = {"TLS_1_2", "TLS_1_3"})
  void currentVersionsOfTlsAreSpoken(TlsVersion version) throws Exception {
    for (Certificates certificates : List.of(Certificates.ec(), Certificates.rsa())) {
      Listener tls = serving(Optional.of(pem(certificates)));
      ConnectionSpec only =
          new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(version).build();
      OkHttpClient client =
          client(certificates).newBuilder().connectionSpecs(List.of(only)).build();
      try (Response response = get(client, tls, "/")) {
        Handshake handshake = response.handshake();
        assertTrue(handshake != null && handshake.tlsVersion() == version, () -> "" + handshake);
        assertEquals(Protocol.HTTP_2, response.protocol());
      }
      tls.close();
    }
  }

  @Test
  void browsersAreToldToStayWithTls() throws Exception {
    Certificates certificates = Certificates.ec();
    Listener tls = serving(Optional.of(pem(certificates)));
    for (String path : List.of("/", "/missing")) {
      try (Response response = get(client(certificates), tls, path)) {
        assertEquals(
            List.of("max-age=31536000"), response.headers("Strict-Transport-Security"), path);
      }
    }
  }

  @Test
  void plainListenerSaysNothingOfTls() throws Exception {
    Listener plain = serving(Optional.empty());
    try (Response response = get(new OkHttpClient(), plain, "/")) {
      assertEquals("HTTP/1.1 clear", response.body().string());
      assertEquals(List.of(), response.headers("Strict-Transport-Security"));
    }
  }

  @Test
  void upgradeFromHttp1IsNotOffered() throws Exception {
    Listener plain = serving(Optional.empty());
    Request asking =
        new Request.Builder()
            .url(plain.uri() + "/")
            .header("Connection", "Upgrade, HTTP2-Settings")
            .header("Upgrade", "h2c")
            .header("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA")
            .build();
    try (Response response = new OkHttpClient().newCall(asking).execute()) {
      assertEquals(200, response.code());
      assertEquals("HTTP/1.1 clear", response.body().string());
    }
  }

  @Test
  void newFilesAreShownToNewConnectionsAndOpenOnesGoOn() throws Exception {
    Certificates before = Certificates.ec();
    Certificates after = Certificates.rsa();
    Listener tls = serving(Optional.of(pem(before)));
    OkHttpClient early = client(before);
    try (Response slow = get(early, tls, "/slow");
        LogCapture log = LogCapture.by(TlsContext.class)) {
      after.writePem(folder, "server");
      tls.reload();
      assertEquals(after.own().getNotAfter().toInstant(), log.next().get("validUntil"), "replaced");
      try (Response response = get(client(after), tls, "/")) {
        assertEquals(after.own(), shown(response).getFirst());
      }
      goOn.countDown();
      assertEquals("begun and ended", slow.body().string());
      try (Response response = get(early, tls, "/")) {
        assertEquals(before.own(), shown(response).getFirst());
      }
    }
  }

  @Test
  void brokenFilesChangeNothingButTheLog() throws Exception {
    Certificates before = Certificates.ec();
    Listener tls = serving(Optional.of(pem(before)));
    Certificates after = Certificates.ec();
    try (LogCapture log = LogCapture.by(TlsContext.class)) {
      Files.writeString(folder.resolve("server.crt"), after.chain().getFirst().certificatePem());
      tls.reload();
      assertTrue(String.valueOf(log.next().get("reason")).contains("does not belong"));
      try (Response response = get(client(before), tls, "/")) {
        assertEquals(before.own(), shown(response).getFirst());
      }
      tls.reload();
      Files.delete(folder.resolve("server.key"));
      tls.reload();
      assertTrue(String.valueOf(log.next().get("reason")).contains("no readable PKCS#8 key"));
      after.writePem(folder, "server");
      tls.reload();
      log.next();
      OkHttpClient distrusting = client(before);
      assertThrows(SSLHandshakeException.class, () -> get(distrusting, tls, "/"));
      try (Response response = get(client(after), tls, "/")) {
        assertEquals(after.own(), shown(response).getFirst());
      }
    }
  }

  @Test
  void newFilesAreFoundWithoutBeingTold() throws Exception {
    Certificates before = Certificates.ec();
    serving(Optional.of(pem(before)));
    try (LogCapture log = LogCapture.by(TlsContext.class)) {
      Certificates after = Certificates.ec();
      after.writePem(folder, "server");
      Map<String, Object> facts = log.next();
      while (facts.containsKey("reason")) {
        facts = log.next(); // it looked between the two files
      }
      assertEquals(after.own().getNotAfter().toInstant(), facts.get("validUntil"));
    }
  }

  @Test
  void unusableFilesAreToldBeforeAnythingIsBound() throws Exception {
    TlsConfig config = pem(Certificates.ec());
    Files.writeString(folder.resolve("server.key"), "nothing");
    assertThrows(UnusableIdentityException.class, () -> serving(Optional.of(config)));
  }

  private static final class Plain extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getRequestURI().equals("/missing")) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      String text = request.getProtocol() + (request.isSecure() ? " secure" : " clear");
      response.getWriter().write(text);
    }
  }

  private final class Slow extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().write("begun ");
      response.flushBuffer();
      try {
        goOn.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      response.getWriter().write("and ended");
    }
  }
}
