package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON documents of requests and answers.
public final class JsonBody {
  private static final int MOST_BYTES = 16 * 1024 * 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /// The body's object, with an empty path.
  ///
  /// @throws Refusal if it is too large, not JSON, or no object
  public static Fields read(HttpServletRequest request) throws IOException {
    if (!isJson(request.getContentType())) {
      throw Refusal.notJson();
    }
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw Refusal.tooLarge();
    }
    return new Fields(parse(body), "");
  }

  /// Answers 200.
  public static void write(ObjectNode answer, HttpServletResponse response) throws IOException {
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(answer.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static ObjectNode parse(byte[] body) {
    try {
      // Decoded first, because Jackson would guess UTF-16 and mend broken UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (JSON.readTree(text) instanceof ObjectNode root) {
        return root;
      }
      throw Refusal.invalid("The request body must be a JSON object.");
    } catch (CharacterCodingException | JacksonException e) {
      throw Refusal.invalid("The request body is not valid JSON.");
    }
  }
}
