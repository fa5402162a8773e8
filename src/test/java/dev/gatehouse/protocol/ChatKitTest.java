package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.HeaderPattern;
import dev.gatehouse.config.ProtocolName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatKitTest {
  private final Protocol chatKit = Protocols.of(ProtocolName.CHATKIT);

  @Test
  void nameLeadsToIt() {
    assertInstanceOf(ChatKit.class, chatKit);
    assertTrue(chatKit.readsBody());
  }

  @Test
  void metadataIsMadeAndInputMetadataOnlyUsed() {
    assertEquals(
        List.of(
            new Target(List.of("metadata"), true),
            new Target(List.of("params", "input", "metadata"), false)),
        chatKit.targets());
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
    return new String(chatKit.errorFrame(message, retry).orElseThrow(), StandardCharsets.UTF_8);
  }
}
