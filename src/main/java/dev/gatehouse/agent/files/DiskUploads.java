package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Uploads;
import dev.gatehouse.agent.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Attachments in a directory. A note of an attachment always comes before its content and goes
/// before it, so that content without a note is rubbish at any time.
public final class DiskUploads implements Uploads, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskUploads.class);

  private final Cabinet cabinet;
  private final Addresses addresses;
  private final Attachments attachments;
  private final Sweep sweep;
  private final long mostBytes;
  private final Allowance allowance;
  private final InstantSource clock;

  private DiskUploads(
      Cabinet cabinet,
      Addresses addresses,
      Attachments attachments,
      long mostBytes,
      InstantSource clock) {
    this.cabinet = cabinet;
    this.addresses = addresses;
    this.attachments = attachments;
    this.sweep = new Sweep(cabinet, attachments, clock);
    this.mostBytes = mostBytes;
    this.allowance = Allowance.of(mostBytes);
    this.clock = clock;
  }

  /// Begins to clear the directory of what is not noted in `attachments`: no other store may use
  /// it.
  ///
  /// @param base where this agent is reached, without a slash at the end
  /// @throws IOException if the directory cannot be used
  public static DiskUploads in(FileSettings settings, URI base, Attachments attachments)
      throws IOException {
    return in(settings, base, attachments, Clock.tickMillis(ZoneOffset.UTC));
  }

  static DiskUploads in(
      FileSettings settings, URI base, Attachments attachments, InstantSource clock)
      throws IOException {
    Cabinet cabinet = Cabinet.in(settings.directory());
    Addresses addresses = new Addresses(base, AddressKey.in(cabinet), clock);
    DiskUploads uploads =
        new DiskUploads(cabinet, addresses, attachments, settings.mostBytes(), clock);
    uploads.sweep.start();
    return uploads;
  }

  @Override
  public Attachment expect(Person owner, String name, long size, String mimeType) {
    Announcement announced = Announcement.of(name, size, mimeType, mostBytes);
    Attachment attachment = attachment(owner, announced);
    note(attachment);
    return attachment;
  }

  @Override
  public URI destination(Attachment attachment) {
    return addresses.upload(attachment.id());
  }

  @Override
  public URI preview(Attachment attachment) {
    return addresses.content(attachment.id());
  }

  @Override
  public boolean isThere(Attachment attachment) {
    return cabinet.has(attachment.id());
  }

  @Override
  public InputStream open(Attachment attachment) throws IOException {
    return Files.newInputStream(cabinet.content(attachment.id()));
  }

  @Override
  public boolean delete(Person owner, String attachmentId) {
    if (!Cabinet.isId(attachmentId) || !attachments.delete(owner.subject(), attachmentId)) {
      return false;
    }
    discard(attachmentId);
    return true;
  }

  @Override
  public void discard(String attachmentId) {
    try {
      cabinet.delete(attachmentId);
    } catch (IOException e) {
      LOG.warn("an attachment that is gone stays on disk until the next sweep: {}", e.toString());
    }
  }

  /// Ends the sweeping.
  @Override
  public void close() {
    sweep.close();
  }

  /// What reads the files that were announced into this directory.
  Incoming incoming() {
    return new Incoming(cabinet, mostBytes, Refusal::tooLarge);
  }

  /// What reads a file that was not announced, as far as its owner may have it.
  ///
  /// @throws UnwelcomeFile if its owner may have no more
  Incoming incoming(Person owner) {
    long left = allowance.left(attachments.unsent(owner.subject()));
    return left < mostBytes ? new Incoming(cabinet, left, Allowance::usedUp) : incoming();
  }

  Path content(Attachment attachment) {
    return cabinet.content(attachment.id());
  }

  /// Keeps a file that was not announced.
  ///
  /// @throws UnwelcomeFile if it would not have been welcome
  Attachment keep(Person owner, Received received) throws IOException {
    Announcement announced =
        Announcement.of(received.name(), received.size(), received.mimeType(), mostBytes);
    Attachment attachment = attachment(owner, announced);
    note(attachment);
    try {
      cabinet.keep(received.file(), attachment.id());
    } catch (IOException e) {
      attachments.delete(attachment.owner(), attachment.id());
      discard(attachment.id());
      throw e;
    }
    return attachment;
  }

  /// Keeps the content of an attachment that was announced.
  ///
  /// @return whether it is kept: it is not if the attachment was deleted in the meantime
  /// @throws FileAlreadyExistsException if there is content already
  boolean keep(Attachment attachment, Received received) throws IOException {
    cabinet.keep(received.file(), attachment.id());
    // Who deletes takes the note first: if it still stands, the content did not come too late.
    if (attachments.find(attachment.owner(), attachment.id()).isEmpty()) {
      discard(attachment.id());
      return false;
    }
    return true;
  }

  /// The attachment that an address opens, and for how long, if it opens one.
  ///
  /// @param query as the client sent it
  Optional<Opened> opened(Purpose purpose, String id, @Nullable String query) throws IOException {
    Optional<Duration> left = addresses.left(purpose, id, query);
    if (left.isEmpty()) {
      return Optional.empty();
    }
    return cabinet
        .owner(id)
        .flatMap(owner -> attachments.find(owner, id))
        .map(attachment -> new Opened(attachment, left.get()));
  }

  /// What somebody with a good address may have.
  ///
  /// @param left how long the address still holds
  record Opened(Attachment attachment, Duration left) {}

  private Attachment attachment(Person owner, Announcement announced) {
    return new Attachment(
        Ids.attachment(),
        owner.subject(),
        announced.name(),
        announced.mimeType(),
        announced.size(),
        clock.instant());
  }

  /// Counts afterwards, so that of several that come at once none is overlooked.
  private void note(Attachment attachment) {
    attachments.save(attachment);
    try {
      allowance.check(attachments.unsent(attachment.owner()));
      cabinet.own(attachment.id(), attachment.owner());
    } catch (UnwelcomeFile e) {
      attachments.delete(attachment.owner(), attachment.id());
      throw e;
    } catch (IOException e) {
      attachments.delete(attachment.owner(), attachment.id());
      throw new StoreFailure(e);
    }
  }
}
