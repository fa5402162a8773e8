package dev.gatehouse.agent.store;

import static dev.gatehouse.agent.store.Samples.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.UnknownAttachment;
import dev.gatehouse.agent.chat.UnknownCursor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Somebody who knows all ids of somebody else, and even has a thread object with them.
@ParameterizedClass
@ArgumentsSource(OpenStores.class)
final class OwnersTest {
  private final Threads threads;
  private final Attachments attachments;
  private ChatThread own = Samples.thread();
  private ChatThread stolen = own;
  private Item.UserMessage question = Samples.question(own);
  private Item.AssistantMessage answer = answer(own, "an answer");
  private Attachment file = Samples.attachment(own.owner());

  OwnersTest(Store store) {
    threads = store.threads();
    attachments = store.attachments();
  }

  @BeforeEach
  void keep() {
    own = Samples.thread();
    stolen = ChatThread.begun(own.id(), Databases.name("stranger"), Samples.NOW);
    file = Samples.attachment(own.owner());
    question = Samples.question(own, file);
    answer = answer(own, "an answer");
    threads.add(own);
    attachments.save(file);
    threads.append(own, question);
    threads.append(own, answer);
  }

  @AfterEach
  void everythingIsAsItWas() {
    assertEquals(Optional.of(own), threads.find(own.owner(), own.id()));
    assertEquals(List.of(question, answer), threads.history(own, 10));
    assertEquals(Optional.of(file), attachments.find(own.owner(), file.id()));
    assertEquals(Optional.empty(), threads.find(stolen.owner(), own.id()));
    assertEquals(List.of(file.id()), threads.delete(own));
  }

  @Test
  void strangerFindsNothing() {
    assertEquals(Optional.empty(), threads.find(stolen.owner(), own.id()));
    assertEquals(Page.empty(), threads.list(stolen.owner(), PageRequest.first()));
    assertEquals(Optional.empty(), threads.item(stolen, question.id()));
    assertEquals(Page.empty(), threads.items(stolen, PageRequest.first()));
    assertEquals(List.of(), threads.history(stolen, 10));
    assertEquals(Optional.empty(), attachments.find(stolen.owner(), file.id()));
  }

  @Test
  void idsOfOthersAreNoCursors() {
    PageRequest thread = new PageRequest(5, PageRequest.Order.DESC, Optional.of(own.id()));
    assertThrows(UnknownCursor.class, () -> threads.list(stolen.owner(), thread));
    PageRequest item = new PageRequest(5, PageRequest.Order.ASC, Optional.of(question.id()));
    assertThrows(UnknownCursor.class, () -> threads.items(stolen, item));
  }

  @Test
  void strangerCannotTakeAThreadOver() {
    assertThrows(StoreFailure.class, () -> threads.add(stolen));
    threads.rename(stolen, "mine");
    threads.setStatus(stolen, ThreadStatus.locked("mine"));
    assertEquals(Optional.of(own), threads.find(own.owner(), own.id()));
  }

  @Test
  void strangerCannotTakeAnAttachmentOver() {
    Attachment taken =
        new Attachment(file.id(), stolen.owner(), "mine", "text/plain", 1, Samples.NOW);
    assertThrows(StoreFailure.class, () -> attachments.save(taken));
  }

  @Test
  void strangerChangesNothing() {
    threads.append(stolen, answer(stolen, "smuggled"));
    threads.replace(
        stolen, new Item.AssistantMessage(answer.id(), own.id(), Samples.NOW, "forged"));
    assertEquals(
        List.of(), threads.rewrite(stolen, question.id(), Optional.empty(), List.of(answer)));
    assertEquals(
        Optional.empty(), threads.ask(stolen, Samples.question(stolen), Optional.of("mine")));
    assertEquals(List.of(), threads.historyBefore(stolen, answer.id(), 10));
    assertFalse(threads.rate(stolen, List.of(answer.id()), Threads.Rating.NEGATIVE, Samples.NOW));
  }

  @Test
  void strangerDeletesNothing() {
    assertEquals(List.of(), threads.delete(stolen));
    assertFalse(attachments.delete(stolen.owner(), file.id()));
  }

  @Test
  void attachmentsOfOthersCannotBeAttached() {
    ChatThread other = Samples.thread();
    threads.add(other);
    Item smuggled = Samples.question(other, file);
    assertThrows(UnknownAttachment.class, () -> threads.append(other, smuggled));
    threads.append(stolen, smuggled);
    ChatThread next = ChatThread.begun(Ids.thread(), stolen.owner(), Samples.NOW);
    assertThrows(UnknownAttachment.class, () -> threads.add(next, Samples.question(next, file)));
    assertEquals(Optional.empty(), threads.find(next.owner(), next.id()));
    assertEquals(List.of(), threads.history(other, 10));
    assertEquals(List.of(), threads.delete(other));
  }
}
