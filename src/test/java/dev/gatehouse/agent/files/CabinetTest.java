package dev.gatehouse.agent.files;

import static dev.gatehouse.agent.files.RunningFiles.ADA;
import static dev.gatehouse.agent.files.RunningFiles.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CabinetTest {
  private static final URI BASE = URI.create("https://chat.example.com/agent");

  @TempDir private Path directory;
  private final Notes notes = new Notes();

  @Test
  void sweepTakesWhatNobodyNoted() throws Exception {
    Cabinet cabinet = Cabinet.in(directory);
    String rubbish = Ids.attachment();
    cabinet.own(rubbish, "ada");
    Files.writeString(cabinet.content(rubbish), "x");
    Path old = Files.writeString(cabinet.newcomer(), "x");
    Files.setLastModifiedTime(old, FileTime.from(START.minus(Duration.ofHours(25))));
    Path young = Files.writeString(cabinet.newcomer(), "x");
    Files.setLastModifiedTime(young, FileTime.from(START.minus(Duration.ofHours(23))));
    Path foreign = Files.writeString(directory.resolve("README"), "x");
    Attachment noted = new Attachment(Ids.attachment(), "ada", "a", "text/plain", 1, START);
    notes.save(noted);
    cabinet.own(noted.id(), "ada");
    Files.writeString(cabinet.content(noted.id()), "x");

    try (DiskUploads uploads = open()) {
      Await.that("a sweep at the start", () -> !Files.exists(old));
      assertFalse(cabinet.has(rubbish));
      assertEquals(Optional.empty(), cabinet.owner(rubbish));
      assertTrue(uploads.isThere(noted));
      assertEquals(Optional.of("ada"), cabinet.owner(noted.id()));
      assertTrue(Files.exists(young));
      assertTrue(Files.exists(foreign));
      assertTrue(Files.exists(directory.resolve("key")));
    }
  }

  @Test
  void sweepDoesNothingWithoutTheNotes() throws Exception {
    Cabinet cabinet = Cabinet.in(directory);
    String id = Ids.attachment();
    Files.writeString(cabinet.content(id), "x");
    notes.goDown();
    open().close();
    assertTrue(cabinet.has(id));
  }

  @Test
  void addressesOutliveARestart() throws Exception {
    Attachment attachment;
    URI address;
    try (DiskUploads uploads = open()) {
      attachment = uploads.expect(ADA, "a.png", 1, "image/png");
      address = uploads.destination(attachment);
    }
    assertTrue(address.toString().startsWith(BASE + "/files/" + attachment.id() + "?expires="));
    try (DiskUploads uploads = open()) {
      assertEquals(address, uploads.destination(attachment));
      assertTrue(
          uploads.opened(Purpose.UPLOAD, attachment.id(), address.getRawQuery()).isPresent());
    }
  }

  @Test
  void keyIsForItsOwnerOnly() throws Exception {
    open().close();
    Path key = directory.resolve("key");
    assertEquals(32, Files.size(key));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
  }

  @Test
  void ofManyThatStartAtOnceAllHaveTheSameKey() throws Exception {
    Cabinet cabinet = Cabinet.in(directory);
    Callable<String> signature = () -> AddressKey.in(cabinet).sign(Purpose.CONTENT, "x", 1);
    Set<String> signatures = new HashSet<>();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all =
          new ArrayList<>(many.invokeAll(Collections.nCopies(20, signature)));
      for (Future<String> one : all) {
        signatures.add(one.get());
      }
    }
    assertEquals(1, signatures.size());
  }

  @Test
  void directoryThatCannotBeUsedStopsTheStart() throws Exception {
    Files.writeString(directory.resolve("key"), "short");
    assertThrows(IOException.class, this::open);
    Files.writeString(directory.resolve("file"), "x");
    assertThrows(IOException.class, () -> Cabinet.in(directory.resolve("file")));
  }

  private DiskUploads open() throws IOException {
    return DiskUploads.in(
        new FileSettings(directory, 1000, Optional.empty()),
        BASE,
        notes,
        InstantSource.fixed(START));
  }
}
