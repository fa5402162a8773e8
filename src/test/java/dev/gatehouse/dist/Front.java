package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Certificates;
import dev.gatehouse.testing.RunningGatehouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A proxy that runs with the configuration shipped for it, in front of a gate. Only addresses and
/// the certificate are others.
final class Front implements AutoCloseable {
  private static final Path SHIPPED = Path.of("config", "deploy");

  private static final long FAREWELL_SECONDS = 5;

  private final Process process;
  private final int port;

  private Front(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// What is shipped a configuration for.
  enum Kind {
    NGINX("nginx"),
    HAPROXY("haproxy");

    private final String program;

    Kind(String program) {
      this.program = program;
    }

    /// Where it is on this machine.
    Optional<Path> executable() {
      String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
      return Stream.of(path.split(":"))
          .map(folder -> Path.of(folder, program))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }

  static Front start(Kind kind, Path folder, RunningGatehouse gate, Certificates certificates)
      throws Exception {
    certificates.writePem(folder, "front");
    int port = freePort();
    List<String> command =
        switch (kind) {
          case NGINX -> nginx(folder, gate, port);
          case HAPROXY -> haproxy(folder, gate, port);
        };
    Path log = folder.resolve("front.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Front front = new Front(process, port);
    Await.that(() -> "the proxy listens: " + text(log), front::listens);
    return front;
  }

  private static List<String> nginx(Path folder, RunningGatehouse gate, int port)
      throws IOException {
    String site =
        edited(
            "nginx.conf",
            Map.of(
                "listen 443 ssl",
                "listen 127.0.0.1:" + port + " ssl",
                "/etc/nginx/app.example.com.pem",
                folder + "/front.crt",
                "/etc/nginx/app.example.com.key",
                folder + "/front.key",
                "server 127.0.0.1:8080",
                "server " + gate.uri().getAuthority()));
    Files.writeString(folder.resolve("site.conf"), site);
    Path file = Files.writeString(folder.resolve("nginx.conf"), aroundSite(folder));
    String nginx = Kind.NGINX.executable().orElseThrow().toString();
    return List.of(nginx, "-p", folder.toString(), "-e", "stderr", "-c", file.toString());
  }

  private static String aroundSite(Path folder) {
    return """
    daemon off;
    pid %1$s/nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      include %1$s/site.conf;
    }
    """
        .formatted(folder);
  }

  private static List<String> haproxy(Path folder, RunningGatehouse gate, int port)
      throws IOException {
    Path pem = folder.resolve("front.pem");
    Files.writeString(pem, text(folder.resolve("front.crt")) + text(folder.resolve("front.key")));
    String config =
        edited(
            "haproxy.cfg",
            Map.of(
                "bind :443",
                "bind 127.0.0.1:" + port,
                "/etc/haproxy/app.example.com.pem",
                pem.toString(),
                "server gate 127.0.0.1:8080",
                "server gate " + gate.uri().getAuthority(),
                "check port 9090",
                "check port " + gate.adminUri().getPort()));
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
    String haproxy = Kind.HAPROXY.executable().orElseThrow().toString();
    return List.of(haproxy, "-db", "-f", file.toString());
  }

  private static String edited(String name, Map<String, String> changes) throws IOException {
    String config = Files.readString(SHIPPED.resolve(name));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertTrue(config.contains(change.getKey()), change.getKey());
      config = config.replace(change.getKey(), change.getValue());
    }
    return config;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false; // not yet
    }
  }

  /// Where browsers find the gate through it.
  URI uri() {
    return URI.create("https://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, FAREWELL_SECONDS, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }
}
