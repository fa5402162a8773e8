package dev.gatehouse.agent.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.AgentIssuer;
import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.TrustSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files' servlet on a port of its own, over a directory, with a clock that can be set.
final class RunningFiles implements AutoCloseable {
  static final Person ADA = new Person("ada", Optional.empty());
  static final Person BOB = new Person("bob", Optional.empty());
  static final Instant START = Instant.parse("2030-01-01T10:20:30.5Z");
  static final int MOST_BYTES = 100_000;

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BOUNDARY = "----boundary";

  final Notes notes = new Notes();
  final Path directory;
  final DiskUploads uploads;
  private final AgentIssuer issuer = new AgentIssuer();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Server server = new Server(new VirtualThreadPool());
  private final ServerConnector connector;
  private final int port;
  private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
  private volatile Instant now = START;

  RunningFiles(Path directory) throws Exception {
    this(directory, MOST_BYTES);
  }

  RunningFiles(Path directory, long mostBytes) throws Exception {
    this.directory = directory;
    connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    connector.open();
    port = connector.getLocalPort();
    uploads =
        DiskUploads.in(
            new FileSettings(directory, mostBytes, Optional.empty()), uri(""), notes, () -> now);
    BearerCheck bearers =
        BearerCheck.of(
            new TrustSettings(AgentIssuer.ISSUER, issuer.jwksUri(), AgentIssuer.AUDIENCE));
    ServletContextHandler pages = new ServletContextHandler("/");
    pages.addServlet(new ServletHolder(new FilesServlet(bearers, uploads)), "/files/*");
    server.setHandler(pages);
    server.setRequestLog((_, response) -> statuses.add(response.getStatus()));
    server.start();
  }

  int port() {
    return port;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// With what the next request ended, whether anybody heard it or not.
  int status() throws InterruptedException {
    return Objects.requireNonNull(statuses.poll(20, TimeUnit.SECONDS), "no request ended");
  }

  /// How long a client on a new connection may send nothing.
  void patience(Duration limit) {
    connector.setIdleTimeout(limit.toMillis());
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Attachment announce(Person owner, String name, long size, String mimeType) {
    return uploads.expect(owner, name, size, mimeType);
  }

  /// A file of Ada's that has arrived.
  Attachment stored(String name, String mimeType, byte[] content) throws Exception {
    Attachment attachment = announce(ADA, name, content.length, mimeType);
    assertEquals(200, put(uploads.destination(attachment), content).status());
    return attachment;
  }

  Answer put(URI address, byte[] content) throws Exception {
    return send(HttpRequest.newBuilder(address).PUT(BodyPublishers.ofByteArray(content)));
  }

  Answer get(URI address, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /// Straight from a person, in a form.
  Answer upload(Person person, BodyPublisher form) throws Exception {
    return send(
        form(uri("/files"), form)
            .header("Authorization", "Bearer " + AgentIssuer.token(person.subject(), "Name")));
  }

  static HttpRequest.Builder form(URI address, BodyPublisher form) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(form);
  }

  Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response =
        http.send(
            request.timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response);
  }

  /// A form of these parts, each made by [#part].
  static BodyPublisher formOf(byte[]... parts) {
    byte[] end = ascii("--" + BOUNDARY + "--\r\n");
    return BodyPublishers.ofByteArrays(Stream.concat(Stream.of(parts), Stream.of(end)).toList());
  }

  static byte[] part(String disposition, String type, byte[] content) {
    byte[] head =
        ("--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; "
                + disposition
                + (type.isEmpty() ? "" : "\r\nContent-Type: " + type)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] part = new byte[head.length + content.length + 2];
    System.arraycopy(head, 0, part, 0, head.length);
    System.arraycopy(content, 0, part, head.length, content.length);
    part[part.length - 2] = '\r';
    part[part.length - 1] = '\n';
    return part;
  }

  static byte[] file(String name, String type, byte[] content) {
    return part("name=\"file\"; filename=\"" + name + "\"", type, content);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Bytes that differ from place to place.
  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  /// What is on disk but for the key, with the directories' names before it.
  List<String> onDisk() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .filter(name -> !name.equals("key"))
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() {
    http.close();
    try {
      server.stop();
    } catch (Exception e) { // which is what stop declares
      throw new IllegalStateException(e);
    }
    uploads.close();
    issuer.close();
  }

  /// A whole response.
  record Answer(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    byte[] body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    void assertRefused(int status) {
      String text = new String(response.body(), StandardCharsets.UTF_8);
      assertEquals(status, status(), text);
      assertEquals("application/problem+json", header("Content-Type"));
      assertEquals("no-store", header("Cache-Control"));
      assertTrue(json().at("/message").isString(), text);
    }
  }
}
