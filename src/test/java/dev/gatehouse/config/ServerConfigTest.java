package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.accept;
import static dev.gatehouse.config.Refusals.assertRefused;
import static dev.gatehouse.config.Refusals.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerConfigTest {

  @Test
  void everySettingOfTheServerIsRead() {
    ServerConfig server =
        accept(
                file(
                    "server: {public-origins: ['https://app.example.com'], trusted-proxies:"
                        + " [10.0.0.0/8], tls: {certificate: c.pem, key: k.pem}, max-streams: 7,"
                        + " header-timeout: 3s, body-timeout: 4s}",
                    "",
                    ""))
            .server();
    assertEquals(List.of(Origin.parse("https://app.example.com")), server.publicOrigins());
    assertEquals(List.of(Cidr.parse("10.0.0.0/8")), server.trustedProxies());
    assertEquals(Optional.of(new TlsConfig.Pem(Path.of("c.pem"), Path.of("k.pem"))), server.tls());
    assertEquals(7, server.maxStreams());
    assertEquals(Duration.ofSeconds(3), server.headerTimeout());
    assertEquals(Duration.ofSeconds(4), server.bodyTimeout());
  }

  @Test
  void limitsArePositive() {
    assertRefused("server: {max-header-size: 1000}", "server.max-header-size", "at least 1KiB");
    assertRefused("server: {max-streams: 0}", "server.max-streams", "more than 0");
    assertRefused(
        "server: {max-streams-per-user: 0}", "server.max-streams-per-user", "more than 0");
    assertRefused("server: {max-streams: -1}", "server.max-streams", "whole number");
    assertRefused("server: {drain-timeout: -1s}", "server.drain-timeout", "must be a duration");
    assertRefused("server: {max-header-size: 3GiB}", "server.max-header-size", "less than 2GiB");
  }

  @Test
  void ratesAreRead() {
    RateLimitConfig rates =
        accept(
                file(
                    "server: {rate-limit: {per-user: {requests: 30, per: 10s, burst: 5},"
                        + " per-address: {requests: 600}}}",
                    "",
                    ""))
            .server()
            .rateLimit();
    assertEquals(new RateConfig(30, Duration.ofSeconds(10), 5), rates.perUser());
    assertEquals(5, rates.perUser().capacity());
    assertEquals(new RateConfig(600, Duration.ofMinutes(1), 0), rates.perAddress());
    assertEquals(600, rates.perAddress().capacity());
  }

  @Test
  void ratesThatCannotWorkAreRefused() {
    String key = "server.rate-limit.per-user";
    String line = "server: {rate-limit: {per-user: {%s}}}";
    assertRefused(line.formatted("requests: 1, per: 0s"), key + ".per", "at least 1s");
    assertRefused(line.formatted("requests: 1, per: 1500ms"), key + ".per", "whole seconds");
    assertRefused(line.formatted("burst: 3"), key + ".burst", "means nothing");
    assertRefused(line.formatted("requests: -1"), key + ".requests", "whole number");
    assertRefused(line.formatted("request: 1"), key + ".request", "did you mean");
    assertRefused("server: {rate-limit: {per-users: {}}}", key + "s", "did you mean");
  }

  @Test
  void tlsMayBeOnePkcs12File() {
    ServerConfig server =
        accept(file("server: {tls: {keystore: s.p12, password: changeit}}", "", "")).server();
    assertEquals(
        Optional.of(new TlsConfig.Pkcs12(Path.of("s.p12"), new Secret("changeit"))), server.tls());
    assertFalse(server.toString().contains("changeit"));
  }

  @Test
  void passwordOfPkcs12MayStandInAFile(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "from-file\n");
    ServerConfig server =
        accept(
                file(
                    "server: {tls: {keystore: s.p12, password: 'file:%s'}}".formatted(password),
                    "",
                    ""))
            .server();
    assertEquals(
        Optional.of(new TlsConfig.Pkcs12(Path.of("s.p12"), new Secret("from-file"))), server.tls());
  }

  @Test
  void tlsNeedsOneWholeForm() {
    assertRefused("server: {tls: {key: k.pem}}", "server.tls", "needs the key certificate");
    assertRefused("server: {tls: {certificate: c.pem}}", "server.tls", "needs the key key");
    assertRefused("server: {tls: {keystore: s.p12}}", "server.tls", "needs the key password");
    assertRefused("server: {tls: {password: x}}", "server.tls", "needs the key keystore");
    assertRefused("server: {tls: {}}", "server.tls", "needs either certificate and key");
    assertRefused(
        "server: {tls: {certificate: c.pem, key: k.pem, keystore: s.p12, password: x}}",
        "server.tls",
        "needs either certificate and key (PEM), or keystore and password");
    assertRefused(
        "server: {tls: {certificate: c.pem, key: k.pem, keystor: s.p12}}",
        "server.tls.keystor",
        "did you mean 'keystore'?");
  }

  @Test
  void listenersNeedHostAndPort() {
    assertRefused("server: {listen: '8080'}", "server.listen", "HOST:PORT");
    assertRefused("admin: {listen: localhost}", "admin.listen", "HOST:PORT");
  }

  @Test
  void proxiesAreAddresses() {
    assertRefused(
        "server: {trusted-proxies: [proxy.internal]}", "server.trusted-proxies[0]", "10.0.0.0/8");
    assertRefused(
        "server: {trusted-proxies: [10.1.0.0/8]}", "server.trusted-proxies[0]", "first address");
  }

  @Test
  void originsAreExact() {
    for (String origin : List.of("'*'", "'null'", "https://app.example.com/", "app.example.com")) {
      assertRefused(
          "server: {public-origins: [%s]}".formatted(origin),
          "server.public-origins[0]",
          "one exact origin");
      assertRefused(
          "cross-site: {allowed-origins: [%s]}".formatted(origin),
          "cross-site.allowed-origins[0]",
          "one exact origin");
    }
    assertRefused(
        "cross-site: {allowed-origins: [null]}", "cross-site.allowed-origins[0]", "no value");
  }

  @Test
  void cookieNameIsAToken() {
    assertRefused("cookie: {name: a b}", "cookie.name", "cookie name");
    assertRefused("cookie: {name: a=b}", "cookie.name", "cookie name");
    assertRefused("cookie: {name: ''}", "cookie.name", "cookie name");
  }

  @Test
  void hostPrefixBindsTheCookie() {
    assertTrue(accept(file("cookie: {name: __Host-auth_token}", "", "")).cookie().isHostBound());
    assertFalse(accept(file("cookie: {name: __Secure-auth_token}", "", "")).cookie().isHostBound());
  }
}
