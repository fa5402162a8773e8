package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.HeaderPattern;
import dev.gatehouse.config.ProtocolName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatKitTest {
  private static final Waiting EVENTS = new Waiting(false, true, false, Optional.empty());
  private final Protocol chatKit = Protocols.of(ProtocolName.CHATKIT);

  @Test
  void nameLeadsToIt() {
    assertInstanceOf(ChatKit.class, chatKit);
    assertTrue(chatKit.readsBody());
  }

  @Test
  void metadataIsMadeAndInputMetadataOnlyUsed() {
    assertEquals(
        List.of(Target.parse("/metadata", true), Target.parse("/params/input/metadata", false)),
        chatKit.targets());
  }

  @Test
  void operationsAreThoseItIsKnownToHave() {
    assertEquals(16, chatKit.operations().size());
    assertTrue(chatKit.operations().contains("threads.list"));
    assertFalse(chatKit.operations().contains("threads.lists"));
    assertEquals(Set.of(), Protocols.of(ProtocolName.JSON).operations());
  }

  @Test
  void itsOwnHeadersCross() {
    assertEquals(List.of(new HeaderPattern("chatkit-*")), chatKit.headers());
  }

  @Test
  void typeNamesTheOperation() {
    assertEquals(Optional.of("type"), chatKit.operationMember());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threads.create",
        "threads.add_user_message",
        "threads.add_client_tool_output",
        "threads.add_structured_input",
        "threads.retry_after_item",
        "threads.custom_action"
      })
  void turnsOfAConversationStream(String operation) {
    assertTrue(chatKit.streams(operation));
    assertTrue(chatKit.operations().contains(operation));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threads.sync_custom_action",
        "threads.get_by_id",
        "threads.list",
        "threads.update",
        "threads.delete",
        "items.list",
        "items.feedback",
        "attachments.create",
        "attachments.delete",
        "attachments.get_preview",
        "input.transcribe",
        "THREADS.CREATE",
        ""
      })
  void everythingElseDoesNot(String operation) {
    assertFalse(chatKit.streams(operation));
  }

  @Test
  void failureIsOneEvent() {
    assertEquals(
        "data: {\"type\":\"error\",\"code\":\"custom\",\"message\":\"Try"
            + " again\",\"allow_retry\":true}\n\n",
        frame("Try again", true));
  }

  @Test
  void messageCannotBreakOutOfTheEvent() {
    assertEquals(
        "data: {\"type\":\"error\",\"code\":\"custom\","
            + "\"message\":\"a\\n\\ndata: \\\"\\r\\\\ é\",\"allow_retry\":false}\n\n",
        frame("a\n\ndata: \"\r\\ é", false));
  }

  private String frame(String message, boolean retry) {
    return chatKit.errorFrame(EVENTS, message, retry).orElseThrow().text();
  }
}
