package dev.gatehouse.load;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client asks the agent to do with its request.
///
/// @param number of the exchange, unique
/// @param pieces of the answer
/// @param size of a piece
/// @param at the piece before which it happens
record Order(long number, Manner manner, int pieces, int size, int at) {

  /// How the agent behaves.
  enum Manner {
    CHUNKED(true),
    MEASURED(true),
    HESITATES(true),
    FAILS(true),
    ASKS_TO_COME_BACK(true),
    CLOSES(false),
    RESETS(false),
    GOES_SILENT(false),
    NEVER_ANSWERS(false),
    HANGS_UP(false),
    GARBLES(false);

    private final boolean whole;

    Manner(boolean whole) {
      this.whole = whole;
    }

    /// Whether it gives a whole answer.
    boolean isWhole() {
      return whole;
    }
  }

  /// Any; two in three are whole.
  static Order any(long number, Random random) {
    Manner manner =
        random.nextInt(2) == 0
            ? Manner.CHUNKED
            : Manner.values()[random.nextInt(Manner.values().length)];
    int pieces = 1 + random.nextInt(20);
    return new Order(number, manner, pieces, 1 + random.nextInt(2000), random.nextInt(pieces));
  }

  /// A whole answer of many bytes.
  static Order large(long number) {
    return new Order(number, Manner.CHUNKED, 256, 32 * 1024, 0);
  }

  static Order parse(byte[] body) {
    JsonNode json = JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
    return new Order(
        json.get("number").asLong(),
        Manner.valueOf(json.get("manner").asString()),
        json.get("pieces").asInt(),
        json.get("size").asInt(),
        json.get("at").asInt());
  }

  String json() {
    return """
    {"type":"threads.list","number":%d,"manner":"%s","pieces":%d,"size":%d,"at":%d}\
    """
        .formatted(number, manner, pieces, size, at);
  }

  int status() {
    return switch (manner) {
      case FAILS -> 500;
      case ASKS_TO_COME_BACK -> 503;
      default -> 200;
    };
  }

  /// How long the whole answer is.
  long length() {
    return (long) pieces * size;
  }
}
