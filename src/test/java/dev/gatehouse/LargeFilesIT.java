package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Ready;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program with a heap smaller than any of the files that go through it, several at a
/// time.
final class LargeFilesIT {
  private static final int AT_ONCE = 4;
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 1600; // 100 MiB
  private static final String BEFORE =
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
  private static final String AFTER = "\r\n--x--\r\n";
  private static final byte[] FILE_PIECE = piece();

  @TempDir private Path folder;
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream upstream =
      ScriptedUpstream.receiving((request, wire) -> {
        if (request.line().startsWith("GET")) {
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + length() + "\r\n\r\n");
          sendFile(wire);
        } else {
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + digest(request, wire));
        }
      });

  @AfterEach
  void stop() throws Exception {
    upstream.close();
    issuer.close();
  }

  private static byte[] piece() {
    byte[] bytes = new byte[PIECE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static long length() {
    return (long) PIECE * PIECES + BEFORE.length() + AFTER.length();
  }

  private static void sendFile(Wire wire) throws IOException {
    wire.send(BEFORE);
    for (int i = 0; i < PIECES; i++) {
      wire.send(FILE_PIECE);
    }
    wire.send(AFTER);
  }

  private static String digest(Received head, Wire wire) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    if (head.header("Transfer-Encoding").isPresent()) {
      for (byte[] chunk = wire.readChunk(); chunk.length > 0; chunk = wire.readChunk()) {
        digest.update(chunk);
      }
    } else {
      long left = Long.parseLong(head.header("Content-Length").orElseThrow());
      while (left > 0) {
        byte[] bytes = wire.read((int) Math.min(PIECE, left));
        digest.update(bytes);
        left -= bytes.length;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digestOfAll() throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(BEFORE.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < PIECES; i++) {
      digest.update(FILE_PIECE);
    }
    return HexFormat.of().formatHex(digest.digest(AFTER.getBytes(StandardCharsets.US_ASCII)));
  }

  private Program program() throws Exception {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server: {listen: '127.0.0.1:0'}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: /api/files/*, upstream: '%s', protocol: raw, max-body-size: 101MiB}
        """
            .formatted(issuer.issuer(), upstream.uri()));
    return Program.start(
        List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
        folder,
        "serve",
        "--config",
        "gate.yaml");
  }

  private static int port(Program program) throws Exception {
    return Ready.withKeys(program).gate().getPort();
  }

  private String head(String method, String... headers) {
    return method
        + " /api/files/a HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nX-CSRF: 1\r\n"
        + "Cookie: auth_token="
        + issuer.tokenFor("user-1")
        + "\r\n"
        + String.join("\r\n", headers)
        + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
  }

  private String upload(int port, boolean announced) throws Exception {
    try (Wire wire = Wire.to(port)) {
      String type = "Content-Type: multipart/form-data; boundary=x";
      if (announced) {
        wire.send(head("POST", type, "Content-Length: " + length()));
        sendFile(wire);
      } else {
        wire.send(head("POST", type, "Transfer-Encoding: chunked"));
        wire.sendChunk(BEFORE);
        for (int i = 0; i < PIECES; i++) {
          wire.sendChunk(FILE_PIECE);
        }
        wire.sendChunk(AFTER).sendLastChunk();
      }
      String head = wire.readHead();
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      return new String(wire.read(64), StandardCharsets.US_ASCII);
    }
  }

  private String download(int port) throws Exception {
    try (Wire wire = Wire.to(port)) {
      wire.send(head("GET"));
      return digest(wire.parsed(wire.readHead()), wire);
    }
  }

  private static void assertAll(Callable<String> exchange) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> one : threads.invokeAll(Collections.nCopies(AT_ONCE, exchange))) {
        assertEquals(digestOfAll(), one.get());
      }
    }
  }

  @Test
  void filesLargerThanTheHeapGoThroughInBothDirections() throws Exception {
    try (Program program = program()) {
      int port = port(program);
      assertAll(() -> upload(port, true));
      assertAll(() -> upload(port, false));
      assertAll(() -> download(port));
      assertTrue(program.isRunning());
    }
  }
}
