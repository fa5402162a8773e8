package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON documents of requests and answers.
public final class JsonBody {
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int MOST_LARGE_BYTES = 16 * 1024 * 1024;

  /// What is kept of a request is answered inside more, which must not be too deep either.
  private static final int DEEPEST = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /// The body's object, with an empty path.
  ///
  /// @param place where it stays if it is large, for which its `type` must be in its first MiB
  /// @throws Refusal if it is too large, finds no place, breaks off, is not JSON, or no object
  public static Fields read(HttpServletRequest request, LargeBodies.Place place) {
    if (!isJson(request.getContentType())) {
      throw Refusal.notJson();
    }
    try {
      return new Fields(parse(whole(request.getInputStream(), place)), "");
    } catch (IOException e) {
      throw Refusal.brokenOff(e);
    }
  }

  private static InputStream whole(InputStream in, LargeBodies.Place place) throws IOException {
    byte[] body = in.readNBytes(MOST_BYTES + 1);
    if (body.length <= MOST_BYTES) {
      return new ByteArrayInputStream(body);
    }
    place.take(type(body));
    return withRest(body, in);
  }

  private static InputStream withRest(byte[] beginning, InputStream in) throws IOException {
    byte[] whole = Arrays.copyOf(beginning, MOST_LARGE_BYTES + 1);
    int length = beginning.length;
    length += in.readNBytes(whole, length, whole.length - length);
    if (length > MOST_LARGE_BYTES) {
      throw Refusal.tooLarge();
    }
    return new ByteArrayInputStream(whole, 0, length);
  }

  /// What the beginning of a body says that it is.
  private static String type(byte[] beginning) {
    try (JsonParser parser = JSON.createParser(beginning)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "";
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean type = parser.currentName().equals("type");
        JsonToken value = parser.nextToken();
        if (type) {
          return value == JsonToken.VALUE_STRING ? parser.getString() : "";
        }
        parser.skipChildren();
      }
      return "";
    } catch (JacksonException e) {
      return "";
    }
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

  private static ObjectNode parse(InputStream body) {
    // Decoded here, because Jackson would guess UTF-16 and mend broken UTF-8.
    Reader text = new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder());
    try {
      if (JSON.readTree(text) instanceof ObjectNode root) {
        return root;
      }
      throw Refusal.invalid("The request body must be a JSON object.");
    } catch (JacksonException e) {
      throw Refusal.invalid("The request body is not valid JSON.");
    }
  }
}
