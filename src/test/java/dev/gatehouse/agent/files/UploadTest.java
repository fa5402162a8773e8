package dev.gatehouse.agent.files;

import static dev.gatehouse.agent.files.RunningFiles.ADA;
import static dev.gatehouse.agent.files.RunningFiles.BOB;
import static dev.gatehouse.agent.files.RunningFiles.MOST_BYTES;
import static dev.gatehouse.agent.files.RunningFiles.bytes;
import static dev.gatehouse.agent.files.RunningFiles.file;
import static dev.gatehouse.agent.files.RunningFiles.formOf;
import static dev.gatehouse.agent.files.RunningFiles.part;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.AgentIssuer;
import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Uploads.UnwelcomeFile;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Wire;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class UploadTest {
  @TempDir private Path directory;
  private RunningFiles files;

  @BeforeEach
  void start() throws Exception {
    files = new RunningFiles(directory);
  }

  @AfterEach
  void stop() {
    files.close();
  }

  @Test
  void formWithATokenBecomesAnAttachmentOfItsSender() throws Exception {
    byte[] content = bytes(3000);
    RunningFiles.Answer answer =
        files.upload(ADA, formOf(file("käse.png", "image/png; x=y", content)));
    assertEquals(200, answer.status());
    assertEquals("no-store", answer.header("Cache-Control"));
    JsonNode json = answer.json();
    assertEquals("image", json.at("/type").stringValue());
    assertEquals("käse.png", json.at("/name").stringValue());
    assertEquals("image/png", json.at("/mime_type").stringValue());
    assertEquals(3000, json.at("/metadata/size").intValue());
    URI preview = URI.create(json.at("/preview_url").stringValue());
    assertArrayEquals(content, files.get(preview).body());
    String id = json.at("/id").stringValue();
    assertTrue(files.uploads.isThere(files.notes.find("ada", id).orElseThrow()));
    assertTrue(files.notes.find("bob", id).isEmpty());
    assertEquals(List.of(id, id + ".owner"), files.onDisk());
  }

  @Test
  void formWithoutATokenIsTurnedAway() throws Exception {
    BodyPublisher form = formOf(file("a.txt", "text/plain", bytes(3)));
    files.send(RunningFiles.form(files.uri("/files"), form)).assertRefused(401);
    assertEquals(List.of(), files.onDisk());
  }

  @Test
  void fileOfUnknownTypeIsJustBytes() throws Exception {
    JsonNode json = files.upload(ADA, formOf(file("a.xyz", "", bytes(3)))).json();
    assertEquals("application/octet-stream", json.at("/mime_type").stringValue());
    assertEquals("file", json.at("/type").stringValue());
    assertTrue(json.at("/preview_url").isMissingNode());
  }

  @Test
  void announcedFileComesRaw() throws Exception {
    byte[] content = bytes(MOST_BYTES);
    Attachment attachment = files.announce(ADA, "a.pdf", content.length, "application/pdf");
    assertFalse(files.uploads.isThere(attachment));
    assertThrows(java.io.IOException.class, () -> files.uploads.open(attachment).close());
    RunningFiles.Answer answer = files.put(files.uploads.destination(attachment), content);
    assertEquals(attachment.id(), answer.json().at("/id").stringValue());
    assertTrue(files.uploads.isThere(attachment));
    try (var in = files.uploads.open(attachment)) {
      assertArrayEquals(content, in.readAllBytes());
    }
    assertEquals(List.of(attachment.id(), attachment.id() + ".owner"), files.onDisk());
  }

  @Test
  void announcedFileComesInAForm() throws Exception {
    Attachment attachment = files.announce(ADA, "a.txt", 2000, "text/plain");
    URI address = files.uploads.destination(attachment);
    BodyPublisher other = formOf(file("other.png", "image/png", bytes(2001)));
    files.send(RunningFiles.form(address, other)).assertRefused(400);
    assertEquals(List.of(attachment.id() + ".owner"), files.onDisk());
    BodyPublisher form = formOf(file("other.png", "image/png", bytes(2000)));
    JsonNode json = files.send(RunningFiles.form(address, form)).json();
    assertEquals("a.txt", json.at("/name").stringValue());
    assertEquals("text/plain", json.at("/mime_type").stringValue());
    assertTrue(files.uploads.isThere(attachment));
  }

  @Test
  void fileIsUploadedOnce() throws Exception {
    Attachment attachment = files.stored("a.txt", "text/plain", bytes(10));
    URI address = files.uploads.destination(attachment);
    files.put(address, new byte[10]).assertRefused(409);
    files.send(RunningFiles.form(address, formOf(file("a", "", new byte[10])))).assertRefused(409);
    assertArrayEquals(bytes(10), files.get(files.uploads.preview(attachment)).body());
  }

  @Test
  void ofManyUploadsAtOnceOneWins() throws Exception {
    Attachment attachment = files.announce(ADA, "a.bin", MOST_BYTES, "");
    URI address = files.uploads.destination(attachment);
    Callable<Integer> upload = () -> files.put(address, bytes(MOST_BYTES)).status();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      int kept = 0;
      for (Future<Integer> one : many.invokeAll(Collections.nCopies(8, upload))) {
        assertTrue(List.of(200, 409).contains(one.get()), () -> "status " + one.resultNow());
        kept += one.get() == 200 ? 1 : 0;
      }
      assertEquals(1, kept);
    }
    assertEquals(List.of(attachment.id(), attachment.id() + ".owner"), files.onDisk());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1001, 5000, MOST_BYTES})
  void fileOfAnotherSizeThanAnnouncedIsNotKept(int size) throws Exception {
    Attachment attachment = files.announce(ADA, "a.bin", 1000, "");
    URI address = files.uploads.destination(attachment);
    files.put(address, bytes(size)).assertRefused(400);
    files.send(HttpRequest.newBuilder(address).PUT(unmeasured(bytes(size)))).assertRefused(400);
    assertEquals(List.of(attachment.id() + ".owner"), files.onDisk());
    assertEquals(200, files.put(address, bytes(1000)).status());
  }

  @Test
  void limitIsExactToTheByte() throws Exception {
    assertEquals(200, files.upload(ADA, formOf(file("a", "", bytes(MOST_BYTES)))).status());
    int before = files.onDisk().size();
    byte[] more = bytes(MOST_BYTES + 1);
    files.upload(ADA, formOf(file("a", "", more))).assertRefused(413);
    files.upload(ADA, unmeasured(file("a", "", bytes(MOST_BYTES * 2)))).assertRefused(413);
    Attachment attachment = files.announce(ADA, "a", MOST_BYTES, "");
    URI address = files.uploads.destination(attachment);
    files.put(address, more).assertRefused(413);
    files.send(HttpRequest.newBuilder(address).PUT(unmeasured(more))).assertRefused(413);
    files.send(RunningFiles.form(address, formOf(file("a", "", more)))).assertRefused(413);
    assertEquals(before + 1, files.onDisk().size());
    assertThrows(UnwelcomeFile.class, () -> files.announce(ADA, "a", MOST_BYTES + 1, ""));
  }

  /// Often, because a client is quick to use it again, and a server slow to close it.
  @RepeatedTest(20)
  void connectionOutlivesARefusedForm() throws Exception {
    BodyPublisher form = unmeasured(file("a", "", bytes(MOST_BYTES * 2)));
    files.upload(ADA, form).assertRefused(413);
    files.upload(ADA, formOf()).assertRefused(400);
    assertEquals(200, files.upload(ADA, formOf(file("a", "", bytes(1)))).status());
  }

  static Stream<BodyPublisher> formThatIsNotOneFileIsRefused() {
    byte[] good = file("a", "text/plain", bytes(5));
    return Stream.of(
        formOf(),
        formOf(good, good),
        formOf(part("name=\"other\"", "", bytes(5)), good),
        formOf(part("name=\"file\"", "", bytes(5))),
        formOf(part("name=\"other\"; filename=\"a\"", "", bytes(5))),
        formOf(part("filename=\"a\"", "", bytes(5))),
        formOf(file("a", "no type", bytes(5))),
        formOf(file("a", "text/plain", bytes(0))),
        formOf(file("a\u0007b", "text/plain", bytes(5))),
        formOf(file("a".repeat(256), "text/plain", bytes(5))),
        formOf(file("a".repeat(9000), "text/plain", bytes(5))),
        BodyPublishers.ofByteArray(good),
        BodyPublishers.ofString("junk"),
        BodyPublishers.noBody());
  }

  @ParameterizedTest
  @MethodSource
  void formThatIsNotOneFileIsRefused(BodyPublisher form) throws Exception {
    files.upload(ADA, form).assertRefused(400);
    assertEquals(List.of(), files.onDisk());
    assertEquals(List.of(), files.notes.ids());
  }

  /// A request that is not whole: to an address that was signed, or with a token.
  private String head(String method, URI address) {
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return method
        + " "
        + address.getRawPath()
        + query
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\nAuthorization: Bearer "
        + AgentIssuer.token("ada", "Ada")
        + "\r\nContent-Type: multipart/form-data; boundary=----boundary\r\n\r\n";
  }

  private Wire partOf(String method, URI address) throws Exception {
    Await.that("nothing left of the last one", () -> arriving() == 0);
    Wire wire = Wire.to(files.port());
    wire.send(head(method, address));
    wire.send(file("a", "", bytes(20_000)));
    Await.that("a file that arrives", () -> arriving() == 1);
    return wire;
  }

  @Test
  void uploadThatBreaksOffLeavesNothing() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 50_000, "");
    URI address = files.uploads.destination(attachment);
    try (LogCapture log = LogCapture.by(FilesServlet.class)) {
      for (URI destination : List.of(address, files.uri("/files"))) {
        partOf("POST", destination).close();
        assertEquals(400, files.status());
        partOf("POST", destination).reset();
        assertEquals(400, files.status());
      }
      partOf("PUT", address).close();
      assertEquals(400, files.status());
      partOf("PUT", address).reset();
      assertEquals(400, files.status());
      assertEquals(List.of(), log.lines());
    }
    Await.that("nothing left", () -> arriving() == 0);
    assertFalse(files.uploads.isThere(attachment));
    assertEquals(200, files.put(address, bytes(50_000)).status());
  }

  @Test
  void clientThatStopsSendingIsToldSoAndTheStoreIsNotBlamed() throws Exception {
    files.patience(Duration.ofSeconds(1));
    Attachment attachment = files.announce(ADA, "a", 50_000, "");
    URI address = files.uploads.destination(attachment);
    try (LogCapture log = LogCapture.by(FilesServlet.class);
        Wire raw = partOf("PUT", address)) {
      assertStalled(raw);
      try (Wire form = partOf("POST", address)) {
        assertStalled(form);
      }
      try (Wire form = partOf("POST", files.uri("/files"))) {
        assertStalled(form);
      }
      assertEquals(List.of(), log.lines());
    }
    assertFalse(files.uploads.isThere(attachment));
    assertEquals(List.of(attachment.id() + ".owner"), files.onDisk());
  }

  private static void assertStalled(Wire wire) throws Exception {
    String answer = new String(wire.readToEnd(), StandardCharsets.US_ASCII);
    assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
    assertTrue(answer.contains("\"message\":"), answer);
  }

  @Test
  void ofOnePersonTenFilesArriveAtOnce() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 50_000, "");
    URI address = files.uploads.destination(attachment);
    List<Wire> wires = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      wires.add(
          Wire.to(files.port())
              .send(i < 5 ? head("POST", files.uri("/files")) : head("PUT", address))
              .send(file("a", "", bytes(20_000))));
    }
    Await.that("ten that arrive", () -> arriving() == 10);
    RunningFiles.Answer refused = files.upload(ADA, formOf(file("a", "", bytes(1))));
    refused.assertRefused(429);
    assertEquals("5", refused.header("Retry-After"));
    files.put(address, bytes(50_000)).assertRefused(429);
    assertEquals(200, files.upload(BOB, formOf(file("a", "", bytes(1)))).status());
    for (Wire wire : wires) {
      wire.close();
    }
    Await.that("nothing that arrives", () -> arriving() == 0);
    Await.that(
        "room again", () -> files.upload(ADA, formOf(file("a", "", bytes(1)))).status() == 200);
    assertEquals(200, files.put(address, bytes(50_000)).status());
  }

  @Test
  void diskThatTakesNothingIsNotTheUsersFault() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 10, "");
    URI address = files.uploads.destination(attachment);
    Files.delete(directory.resolve("arriving"));
    Files.writeString(directory.resolve("arriving"), "a file where a directory should be");
    files.put(address, bytes(10)).assertRefused(503);
    files.upload(ADA, formOf(file("a", "", bytes(10)))).assertRefused(503);
  }

  @Test
  void addressForAnUploadHoldsForAnHour() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 10, "");
    URI address = files.uploads.destination(attachment);
    files.pass(Duration.ofMinutes(61));
    files.put(address, bytes(10)).assertRefused(404);
    assertEquals(200, files.put(files.uploads.destination(attachment), bytes(10)).status());
  }

  @Test
  void announcementIsChecked() {
    for (String name : List.of("", " ", "a\nb", "a\u0000", "a\u2028b", "a".repeat(256))) {
      assertThrows(UnwelcomeFile.class, () -> files.announce(ADA, name, 1, ""), name);
    }
    for (String type : List.of("text", "text/", "/x", "a/b/c", "text/plain\r\nX: y", "a b/c")) {
      assertThrows(UnwelcomeFile.class, () -> files.announce(ADA, "a", 1, type), type);
    }
    assertThrows(UnwelcomeFile.class, () -> files.announce(ADA, "a", 0, ""));
    assertEquals(List.of(), files.notes.ids());
    assertEquals(
        "audio/webm", files.announce(ADA, "../a 👍", 1, "Audio/WebM;codecs=opus").mimeType());
  }

  @Test
  void nobodyHasFiftyOneFilesThatWereNotSent() throws Exception {
    Attachment first = files.announce(ADA, "a", 1, "");
    for (int i = 1; i < 50; i++) {
      files.announce(ADA, "a", 1, "");
    }
    assertThrows(UnwelcomeFile.class, () -> files.announce(ADA, "a", 1, ""));
    assertEquals(200, files.put(files.uploads.destination(first), bytes(1)).status());
    List<String> before = files.onDisk();
    RunningFiles.Answer answer = files.upload(ADA, formOf(file("a", "", bytes(1))));
    answer.assertRefused(400);
    assertTrue(answer.json().at("/message").stringValue().startsWith("Too many files"));
    assertEquals(before, files.onDisk());
    assertEquals(50, files.notes.ids().size());
    files.announce(BOB, "a", 1, "");
    files.uploads.delete(ADA, first.id());
    assertEquals(200, files.upload(ADA, formOf(file("a", "", bytes(1)))).status());
  }

  @Test
  void nobodyHasMoreThanTwoHundredMebibytesThatWereNotSent() throws Exception {
    long mebibyte = 1024 * 1024;
    try (RunningFiles large = new RunningFiles(directory.resolve("large"), 150 * mebibyte)) {
      large.announce(ADA, "a", 150 * mebibyte, "");
      assertThrows(UnwelcomeFile.class, () -> large.announce(ADA, "a", 50 * mebibyte + 1, ""));
      large.announce(ADA, "a", 50 * mebibyte, "");
      large.upload(ADA, formOf(file("a", "", bytes(1)))).assertRefused(400);
      large.announce(BOB, "a", 1, "");
    }
  }

  /// Nobody is waited for whose file cannot be kept, and nothing of it reaches the disk.
  @Test
  void fileThatIsNoLongerAllowedIsRefusedBeforeItArrives() throws Exception {
    for (int i = 0; i < 50; i++) {
      files.announce(ADA, "a", 1, "");
    }
    try (Wire wire = Wire.to(files.port())) {
      wire.send(head("POST", files.uri("/files")));
      wire.send(file("a", "", bytes(20_000)));
      assertUsedUp(wire);
    }
    assertEquals(0, arriving());
  }

  @Test
  void fileIsWrittenAsFarAsIsAllowedOnly() throws Exception {
    long mebibyte = 1024 * 1024;
    Path folder = directory.resolve("large");
    try (RunningFiles large = new RunningFiles(folder, 150 * mebibyte)) {
      large.announce(ADA, "a", 150 * mebibyte, "");
      large.announce(ADA, "a", 50 * mebibyte - 3000, "");
      try (Wire wire = Wire.to(large.port())) {
        wire.send(
            head("POST", large.uri("/files"))
                .replace("Content-Length: 50000", "Transfer-Encoding: chunked"));
        wire.sendChunk(file("a", "", bytes(30_000)));
        assertUsedUp(wire);
      }
      assertEquals(200, large.upload(ADA, formOf(file("a", "", bytes(3000)))).status());
      large.upload(ADA, formOf(file("a", "", bytes(1)))).assertRefused(400);
    }
  }

  private static void assertUsedUp(Wire wire) throws Exception {
    String answer = new String(wire.readToEnd(), StandardCharsets.US_ASCII);
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.contains("Too many files were uploaded and not sent"), answer);
  }

  @Test
  void oneFileMayBeAsLargeAsTheSettingSays() throws Exception {
    long most = 1024L * 1024 * 1024;
    try (RunningFiles huge = new RunningFiles(directory.resolve("huge"), most)) {
      huge.announce(ADA, "a", most, "");
      assertThrows(UnwelcomeFile.class, () -> huge.announce(ADA, "a", 1, ""));
    }
  }

  @Test
  void ofManyAnnouncedAtOnceNotTooManyStay() throws Exception {
    Callable<Boolean> announcement =
        () -> {
          try {
            files.announce(ADA, "a", 1, "");
            return true;
          } catch (UnwelcomeFile e) {
            return false;
          }
        };
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> one : many.invokeAll(Collections.nCopies(100, announcement))) {
        one.get();
      }
    }
    assertTrue(files.notes.ids().size() <= 50, () -> files.notes.ids().size() + " files");
  }

  @Test
  void storeThatIsDownIsNotTheUsersFault() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 10, "");
    files.notes.goDown();
    files.put(files.uploads.destination(attachment), bytes(10)).assertRefused(503);
    files.upload(ADA, formOf(file("a", "", bytes(10)))).assertRefused(503);
    assertEquals(List.of(attachment.id() + ".owner"), files.onDisk());
  }

  private long arriving() throws Exception {
    try (Stream<Path> arriving = Files.list(directory.resolve("arriving"))) {
      return arriving.count();
    }
  }

  private static BodyPublisher unmeasured(byte[] content) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
  }
}
