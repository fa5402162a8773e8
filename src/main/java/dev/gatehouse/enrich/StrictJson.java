package dev.gatehouse.enrich;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Jackson, told to accept exactly what RFC 8259 and the contract allow: UTF-8 only, no byte order
/// mark, no duplicate keys, no limit but depth.
final class StrictJson {
  private static final JsonFactory WRITER = new JsonFactory();

  /// Characters that are decoded at once, only to be forgotten.
  private static final int CHUNK = 1024;

  private StrictJson() {}

  /// A parser that reports byte offsets. It trusts the bytes to be UTF-8.
  static JsonParser parser(byte[] json, int depth) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(depth)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();
    // A factory of its own for each text, because a factory remembers the names it has seen: a
    // shared one would hold megabytes of one caller's keys for the next.
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(limits)
            .build();
    return factory.createParser(ObjectReadContext.empty(), json);
  }

  /// Whether the bytes are UTF-8 (RFC 3629): nothing overlong, no surrogates, nothing cut off.
  static boolean isUtf8(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(CHUNK);
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    return result.isUnderflow();
  }

  /// What the writer wrote, in UTF-8.
  static byte[] write(Consumer<JsonGenerator> writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = WRITER.createGenerator(ObjectWriteContext.empty(), bytes)) {
      writer.accept(json);
    }
    return bytes.toByteArray();
  }
}
