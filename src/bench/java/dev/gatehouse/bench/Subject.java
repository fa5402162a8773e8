package dev.gatehouse.bench;

import dev.gatehouse.auth.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What stands between load and agent.
enum Subject {
  /// Nothing at all.
  NOTHING("nothing"),
  /// Cookie, signature, enrichment and all.
  GATEHOUSE("Gatehouse"),
  /// [Bare], as Gatehouse is started.
  BARE("Jetty and OkHttp"),
  /// Passes everything on, unread.
  NGINX("nginx"),
  /// The same.
  HAPROXY("HAProxy"),
  /// The same.
  CADDY("Caddy");

  private static final String NGINX_CONFIG =
      """
      daemon off;
      worker_processes 2;
      worker_rlimit_nofile 65536;
      pid %1$s/nginx.pid;
      error_log %1$s/nginx.log;
      events { worker_connections 30000; }
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        client_max_body_size 100m;
        keepalive_requests 1000000;
        upstream agent { server 127.0.0.1:%3$d; keepalive 128; keepalive_requests 1000000; }
        server {
          listen 127.0.0.1:%2$d backlog=4096;
          location / {
            proxy_pass http://agent;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_request_buffering off;
            proxy_read_timeout 1h;
          }
        }
      }
      """;

  private static final String HAPROXY_CONFIG =
      """
      global
        nbthread 2
        maxconn 9900
      defaults
        mode http
        timeout connect 5s
        timeout client 1h
        timeout server 1h
        option http-no-delay
      frontend front
        bind 127.0.0.1:%2$d backlog 4096
        default_backend agent
      backend agent
        http-reuse always
        server a 127.0.0.1:%3$d
      """;

  private static final String CADDY_CONFIG =
      """
      {
        admin off
        auto_https off
        log {
          output discard
        }
      }
      http://127.0.0.1:%2$d {
        reverse_proxy 127.0.0.1:%3$d {
          flush_interval -1
        }
      }
      """;

  private static final String GATEHOUSE_CONFIG =
      """
      server: {listen: '127.0.0.1:%2$d', max-streams: 20000, max-streams-per-user: 20000, drain-timeout: 1s}
      admin: {listen: '127.0.0.1:0'}
      auth: {issuer: '%4$s', audience: [agent-api]}
      routes:
        - path: %5$s
          upstream: 'http://127.0.0.1:%3$d%5$s'
          protocol: chatkit
          max-body-size: 16MiB
          timeouts: {first-byte: 1m, idle: 1h}
      """;

  private final String title;

  Subject(String title) {
    this.title = title;
  }

  /// Its name in tables.
  String title() {
    return title;
  }

  /// Whether it is on this machine.
  boolean isInstalled() {
    return EnumSet.of(NOTHING, GATEHOUSE, BARE).contains(this) || executable().isPresent();
  }

  private Optional<Path> executable() {
    String name = title.toLowerCase(Locale.ROOT);
    List<String> folders = new ArrayList<>(Arrays.asList(System.getenv("PATH").split(":", -1)));
    folders.addAll(List.of("/usr/sbin", "/usr/local/sbin"));
    return folders.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// How to start it, with its configuration written to a folder.
  ///
  /// @param gatehouse how Gatehouse is started, up to `serve`
  List<String> command(Path folder, int port, int agent, TestIssuer issuer, List<String> gatehouse)
      throws IOException {
    String template =
        switch (this) {
          case NOTHING, BARE -> "";
          case GATEHOUSE -> GATEHOUSE_CONFIG;
          case NGINX -> NGINX_CONFIG;
          case HAPROXY -> HAPROXY_CONFIG;
          case CADDY -> CADDY_CONFIG;
        };
    Path config = folder.resolve(name().toLowerCase(Locale.ROOT) + ".conf");
    Files.writeString(
        config, template.formatted(folder, port, agent, issuer.issuer(), Requests.PATH));
    String file = config.toString();
    return switch (this) {
      case NOTHING -> List.of();
      case GATEHOUSE -> {
        List<String> command = new ArrayList<>(gatehouse);
        command.addAll(List.of("serve", "--config", file));
        yield command;
      }
      case BARE ->
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:+UseCompactObjectHeaders",
              "-Xms64m",
              "-cp",
              System.getProperty("java.class.path"),
              Bare.class.getName(),
              Integer.toString(port),
              Integer.toString(agent));
      case NGINX -> List.of(path(), "-c", file, "-p", folder.toString());
      case HAPROXY -> List.of(path(), "-db", "-f", file);
      case CADDY -> List.of(path(), "run", "--adapter", "caddyfile", "--config", file);
    };
  }

  private String path() {
    return executable().orElseThrow().toString();
  }
}
