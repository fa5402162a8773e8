package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.Toolbox;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a tool answered, as text. Of what is no text the kind is told, not the content.
final class Said {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_BYTES = 64 * 1024;
  private static final int ERROR_LENGTH = 1_000;
  private static final int NAME_LENGTH = 200;
  private static final String CUT = "\n\n(The rest was cut off.)";

  private Said() {}

  static Toolbox.Outcome of(McpSchema.CallToolResult result, Redaction redaction) {
    String text = redaction.clean(text(result, redaction));
    return Boolean.TRUE.equals(result.isError())
        ? new Toolbox.Outcome(true, PlainText.of(text, ERROR_LENGTH))
        : new Toolbox.Outcome(false, cut(text));
  }

  private static String text(McpSchema.CallToolResult result, Redaction redaction) {
    List<McpSchema.Content> content = result.content() == null ? List.of() : result.content();
    Object structured = result.structuredContent();
    if (structured != null && content.stream().noneMatch(McpSchema.TextContent.class::isInstance)) {
      return JSON.writeValueAsString(structured);
    }
    String text =
        content.stream().map(part -> part(part, redaction)).collect(Collectors.joining("\n"));
    return text.isBlank() ? "(The tool said nothing.)" : text;
  }

  private static String part(McpSchema.@Nullable Content content, Redaction redaction) {
    return switch (content) {
      case McpSchema.TextContent text -> text.text() == null ? "" : text.text();
      case McpSchema.ImageContent image -> named("image", image.mimeType(), redaction);
      case McpSchema.AudioContent audio -> named("audio", audio.mimeType(), redaction);
      case McpSchema.ResourceLink link -> named("resource", link.uri(), redaction);
      case McpSchema.EmbeddedResource embedded when embedded.resource() != null ->
          named("resource", embedded.resource().uri(), redaction);
      case null, default -> "(something)";
    };
  }

  private static String named(String kind, @Nullable String what, Redaction redaction) {
    String clean = redaction.clean(what == null ? "" : what);
    return "(" + kind + ": " + PlainText.of(clean, NAME_LENGTH) + ")";
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST_BYTES) {
      return text;
    }
    int end = MOST_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--; // not within a character
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
