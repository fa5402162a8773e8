package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.UnknownAttachment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

@ParameterizedClass
@ArgumentsSource(OpenStores.class)
final class AttachmentsTest {
  private final Store store;
  private final Attachments attachments;

  AttachmentsTest(Store store) {
    this.store = store;
    attachments = store.attachments();
  }

  @Test
  void attachmentComesBackAsItWasSaved() {
    Attachment file = Samples.attachment("anna");
    attachments.save(file);
    assertEquals(Optional.of(file), attachments.find("anna", file.id()));
    Attachment longer = new Attachment(file.id(), "anna", "b\0.txt", "text/plain", 3, Samples.NOW);
    attachments.save(longer);
    assertEquals(
        Optional.of("b\uFFFD.txt"), attachments.find("anna", file.id()).map(Attachment::name));
  }

  @Test
  void deletedAttachmentIsNoLongerNoted() {
    Attachment file = Samples.attachment("anna");
    attachments.save(file);
    assertTrue(attachments.ids().contains(file.id()));
    assertTrue(attachments.delete("anna", file.id()));
    assertFalse(attachments.delete("anna", file.id()));
    assertFalse(attachments.ids().contains(file.id()));
  }

  @Test
  void ownersUnsentFilesAreCountedUntilTheyAreSentOrDeleted() {
    ChatThread thread = Samples.thread();
    String owner = thread.owner();
    store.threads().add(thread);
    assertEquals(new Attachments.Unsent(0, 0), attachments.unsent(owner));
    Attachment sent = Samples.attachment(owner);
    Attachment deleted = Samples.attachment(owner);
    attachments.save(Samples.attachment("anna"));
    attachments.save(sent);
    attachments.save(deleted);
    assertEquals(new Attachments.Unsent(2, 10_000_000_000L), attachments.unsent(owner));
    store.threads().append(thread, Samples.question(thread, sent));
    assertEquals(new Attachments.Unsent(1, 5_000_000_000L), attachments.unsent(owner));
    attachments.delete(owner, deleted.id());
    assertEquals(new Attachments.Unsent(0, 0), attachments.unsent(owner));
  }

  @Test
  void attachmentsGoWithTheThreadInWhichTheyWereSent() {
    ChatThread thread = Samples.thread();
    store.threads().add(thread);
    Attachment sent = Samples.attachment(thread.owner());
    Attachment kept = Samples.attachment(thread.owner());
    attachments.save(sent);
    attachments.save(kept);
    store.threads().append(thread, Samples.question(thread, sent));
    attachments.save(sent);
    assertEquals(List.of(sent.id()), store.threads().delete(thread));
    assertFalse(attachments.ids().contains(sent.id()));
    assertTrue(attachments.ids().contains(kept.id()));
  }

  @Test
  void attachmentsOfMessagesThatAreForgottenAreNoLongerSent() {
    ChatThread thread = Samples.thread();
    store.threads().add(thread);
    Attachment kept = Samples.attachment(thread.owner());
    Attachment loose = Samples.attachment(thread.owner());
    attachments.save(kept);
    attachments.save(loose);
    Item first = Samples.question(thread, kept);
    store.threads().append(thread, first);
    store.threads().append(thread, Samples.question(thread, kept, loose));
    assertEquals(
        List.of(loose.id()),
        store.threads().rewrite(thread, first.id(), Optional.empty(), List.of()));
    assertEquals(1, attachments.unsent(thread.owner()).files());
    assertEquals(List.of(kept.id()), store.threads().delete(thread));
  }

  @Test
  void attachmentThatWasSentInOneThreadIsUnknownInAnother() {
    ChatThread first = Samples.thread();
    ChatThread second = ChatThread.begun(Ids.thread(), first.owner(), Samples.NOW);
    store.threads().add(first);
    store.threads().add(second);
    Attachment file = Samples.attachment(first.owner());
    attachments.save(file);
    store.threads().append(first, Samples.question(first, file));
    store.threads().append(first, Samples.question(first, file));
    Attachment other = Samples.attachment(first.owner());
    attachments.save(other);
    Item again = Samples.question(second, other, file);
    assertThrows(UnknownAttachment.class, () -> store.threads().append(second, again));
    assertEquals(List.of(), store.threads().history(second, 10));
    assertEquals(List.of(), store.threads().delete(second));
    assertEquals(List.of(file.id()), store.threads().delete(first));
  }

  @Test
  void threadWithAnUnknownAttachmentDoesNotBegin() {
    ChatThread thread = Samples.thread();
    Attachment unknown = Samples.attachment(thread.owner());
    Item first = Samples.question(thread, unknown);
    assertThrows(UnknownAttachment.class, () -> store.threads().add(thread, first));
    assertEquals(Optional.empty(), store.threads().find(thread.owner(), thread.id()));
    attachments.save(unknown);
    store.threads().add(thread, first);
    assertEquals(List.of(unknown.id()), store.threads().delete(thread));
  }

  @Test
  void nothingIsAttachedToADeletedThread() {
    ChatThread gone = Samples.thread();
    Attachment file = Samples.attachment(gone.owner());
    attachments.save(file);
    store.threads().append(gone, Samples.question(gone, file));
    assertEquals(List.of(), store.threads().delete(gone));
    assertTrue(attachments.ids().contains(file.id()));
  }
}
