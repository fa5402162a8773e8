package dev.gatehouse.agent.files;

import static dev.gatehouse.agent.files.RunningFiles.ADA;
import static dev.gatehouse.agent.files.RunningFiles.BOB;
import static dev.gatehouse.agent.files.RunningFiles.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachment;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentTest {
  private static final byte[] CONTENT = bytes(1000);

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

  @ParameterizedTest
  @CsvSource({
    "image/png,image/png,inline",
    "image/jpeg,image/jpeg,inline",
    "image/svg+xml,application/octet-stream,attachment",
    "text/html,application/octet-stream,attachment",
    "application/xhtml+xml,application/octet-stream,attachment",
    "text/plain,text/plain,attachment",
    "application/pdf,application/pdf,attachment"
  })
  void onlyHarmlessImagesAreShownInPlace(String type, String sent, String disposition)
      throws Exception {
    RunningFiles.Answer answer = files.get(preview(files.stored("a.b", type, CONTENT)));
    assertEquals(200, answer.status());
    assertArrayEquals(CONTENT, answer.body());
    assertEquals(sent, answer.header("Content-Type").replaceAll(";.*", ""));
    assertEquals(
        disposition + "; filename=\"a.b\"; filename*=UTF-8''a.b",
        answer.header("Content-Disposition"));
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertEquals("default-src 'none'; sandbox", answer.header("Content-Security-Policy"));
    assertTrue(answer.header("Cache-Control").matches("private, max-age=[0-9]{4}"));
  }

  @Test
  void nameCannotLeaveItsHeader() throws Exception {
    String name = "a\"; x=\\é\u202E../%0d%0aX: y";
    RunningFiles.Answer answer = files.get(preview(files.stored(name, "text/plain", CONTENT)));
    assertEquals(
        "attachment; filename=\"a__ x____..__0d_0aX_ y\"",
        answer.header("Content-Disposition").replaceAll("; filename\\*.*", ""));
    assertTrue(
        answer
            .header("Content-Disposition")
            .endsWith("UTF-8''a%22%3B%20x%3D%5C%C3%A9%E2%80%AE..%2F%250d%250aX%3A%20y"),
        answer.header("Content-Disposition"));
  }

  @Test
  void headIsAnsweredWithoutTheContent() throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    RunningFiles.Answer answer =
        files.send(
            HttpRequest.newBuilder(address)
                .header("Range", "bytes=0-1")
                .method("HEAD", BodyPublishers.noBody()));
    assertEquals(200, answer.status());
    assertEquals("1000", answer.header("Content-Length"));
    assertEquals(0, answer.body().length);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=0-,0,999",
    "bytes=10-19,10,19",
    "bytes=990-5000,990,999",
    "bytes=-10,990,999",
    "bytes=-5000,0,999",
    "BYTES=999-999,999,999"
  })
  void partIsSent(String range, int first, int last) throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    RunningFiles.Answer answer = files.get(address, "Range", range);
    assertEquals(206, answer.status());
    assertEquals("bytes " + first + "-" + last + "/1000", answer.header("Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(CONTENT, first, last + 1), answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=1000-1001", "bytes=-0"})
  void partBeyondTheEndIsRefused(String range) throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    RunningFiles.Answer answer = files.get(address, "Range", range);
    answer.assertRefused(416);
    assertEquals("bytes */1000", answer.header("Content-Range"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "lines=1-2",
        "bytes=a-b",
        "0-1",
        "bytes=99999999999999999999-"
      })
  void whatIsNoSingleRangeGetsTheWhole(String range) throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    RunningFiles.Answer answer = files.get(address, "Range", range);
    assertEquals(200, answer.status());
    assertArrayEquals(CONTENT, answer.body());
  }

  @Test
  void partIsSentOnlyOfTheFileThatIsMeant() throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    String tag = files.get(address).header("ETag");
    assertEquals(206, files.get(address, "Range", "bytes=0-1", "If-Range", tag).status());
    assertEquals(200, files.get(address, "Range", "bytes=0-1", "If-Range", "\"x\"").status());
  }

  @Test
  void addressHoldsForAnHourAtLeastAndForTwoAtMost() throws Exception {
    Attachment attachment = files.stored("a.png", "image/png", CONTENT);
    URI address = preview(attachment);
    files.pass(Duration.ofMinutes(30));
    assertEquals(address, preview(attachment));
    files.pass(Duration.ofMinutes(60));
    assertEquals(200, files.get(address).status());
    assertNotEquals(address, preview(attachment));
    files.pass(Duration.ofMinutes(30));
    files.get(address).assertRefused(404);
    assertEquals(200, files.get(preview(attachment)).status());
  }

  @Test
  void everyWrongAddressGetsTheSameAnswer() throws Exception {
    Attachment mine = files.stored("a.png", "image/png", CONTENT);
    Attachment empty = files.announce(BOB, "b.png", 5, "image/png");
    String good = preview(mine).toString();
    String query = good.substring(good.indexOf('?'));
    char last = good.charAt(good.length() - 2);
    List<String> wrong =
        List.of(
            good.substring(0, good.length() - 2)
                + (last == 'A' ? 'B' : 'A')
                + good.charAt(good.length() - 1),
            good.replace("expires=1", "expires=2"),
            good.replace("&", "&x=y&"),
            good + "&x=y",
            good.substring(0, good.indexOf('?')),
            good.substring(0, good.indexOf('&')),
            good.replaceFirst("signature=.*", "signature="),
            good.replace(mine.id(), empty.id()),
            good.replace(mine.id(), "atc_" + "0".repeat(32)),
            good.replace(mine.id(), "key"),
            good.replace(mine.id(), mine.id() + ".owner"),
            good.replace(mine.id(), ""),
            good.replace(mine.id(), "x/" + mine.id()),
            preview(empty).toString(),
            files.uploads.destination(mine).toString(),
            files.uri("/files/" + empty.id() + query).toString());
    byte[] told = files.get(URI.create(wrong.getFirst())).body();
    for (String address : wrong) {
      RunningFiles.Answer answer = files.get(URI.create(address));
      answer.assertRefused(404);
      assertArrayEquals(told, answer.body(), address);
    }
    files.put(preview(empty), bytes(5)).assertRefused(404);
    files
        .put(
            URI.create(files.uploads.destination(mine).toString().replace(mine.id(), empty.id())),
            bytes(5))
        .assertRefused(404);
    assertFalse(files.uploads.isThere(empty));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..%2Fkey", "%2e%2e/key", "..;/key", "%2e%2e%2fkey", "key", "arriving/x", "%00"})
  void pathLeadsNowhereElse(String path) throws Exception {
    String query = preview(files.stored("a.png", "image/png", CONTENT)).getRawQuery();
    int status = files.get(files.uri("/files/" + path + "?" + query)).status();
    assertTrue(status == 404 || status == 400, () -> path + ": " + status);
  }

  @Test
  void otherMethodsAreNamed() throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    RunningFiles.Answer delete = files.send(HttpRequest.newBuilder(address).DELETE());
    delete.assertRefused(405);
    assertEquals("GET, HEAD, PUT, POST", delete.header("Allow"));
    RunningFiles.Answer list = files.get(files.uri("/files"));
    list.assertRefused(405);
    assertEquals("POST", list.header("Allow"));
  }

  @Test
  void deletedMeansDeleted() throws Exception {
    Attachment attachment = files.stored("a.png", "image/png", CONTENT);
    assertFalse(files.uploads.delete(BOB, attachment.id()));
    assertFalse(files.uploads.delete(ADA, "../key"));
    assertEquals(200, files.get(preview(attachment)).status());
    assertTrue(files.uploads.delete(ADA, attachment.id()));
    assertFalse(files.uploads.delete(ADA, attachment.id()));
    files.get(preview(attachment)).assertRefused(404);
    files.put(files.uploads.destination(attachment), CONTENT).assertRefused(404);
    assertFalse(files.uploads.isThere(attachment));
    assertEquals(List.of(), files.onDisk());
  }

  @Test
  void contentThatComesAfterItsDeletionIsNotKept() throws Exception {
    Attachment attachment = files.announce(ADA, "a", 3, "");
    Path late = Files.write(directory.resolve("arriving").resolve("late"), bytes(3));
    files.notes.delete("ada", attachment.id());
    try (Received received = new Received(late, 3, "", "")) {
      assertFalse(files.uploads.keep(attachment, received));
    }
    assertEquals(List.of(), files.onDisk());
  }

  @Test
  void storeThatIsDownIsNotTheUsersFault() throws Exception {
    URI address = preview(files.stored("a.png", "image/png", CONTENT));
    files.notes.goDown();
    files.get(address).assertRefused(503);
  }

  private URI preview(Attachment attachment) {
    return files.uploads.preview(attachment);
  }
}
