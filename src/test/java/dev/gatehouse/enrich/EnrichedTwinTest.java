package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.USER;
import static dev.gatehouse.enrich.Enriching.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Random bodies, enriched by the splice and by a merge of trees, must mean the same; and what the
/// splice had no business with must be the same bytes.
class EnrichedTwinTest {
  private static final int BODIES = Integer.getInteger("random.bodies", 2_000);
  private static final List<String> OURS = List.of("userId", "userInfo", "pageContext");
  private static final String HEADER = "{ \"from\" : [ \"header\", 1.0 ] }";
  private static final String REFERER = "{\"from\":\"referer\"}";

  // No "e": an exponent of a thousand digits is fine for the splice, but not for a tree.
  private static final byte[] DAMAGE =
      "{}[],:\"\\ 0.-nu/\n\0\u007f\u0080\u00c0\u00e2\u00ff".getBytes(StandardCharsets.ISO_8859_1);

  private static final JsonMapper TREES =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(10_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void metadataMeansTheSameAsAMergedTree(long seed) {
    RandomJson json = new RandomJson(seed);
    for (int i = 0; i < BODIES; i++) {
      Body body = Body.random(json);
      Optional<PageContext> header = json.chance(30) ? Enriching.page(HEADER) : Optional.empty();
      Optional<PageContext> referer = json.chance(50) ? Enriching.page(REFERER) : Optional.empty();
      byte[] in = body.text().getBytes(StandardCharsets.UTF_8);
      byte[] out = bytes(Enriching.at("/metadata").enrich(in, CALLER, header, referer));

      assertEquals(
          merged(in, header.isPresent(), referer.isPresent()), TREES.readTree(out), body::text);
      untouchedBytesAreTheSame(body, new String(out, StandardCharsets.UTF_8), header.isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 7})
  void damagedBodyIsRefusedOrStillMeansTheSame(long seed) {
    RandomJson json = new RandomJson(seed);
    int refused = 0;
    for (int i = 0; i < BODIES; i++) {
      byte[] in = Body.random(json).text().getBytes(StandardCharsets.UTF_8);
      in[json.below(in.length)] = DAMAGE[json.below(DAMAGE.length)];
      try {
        byte[] out =
            bytes(Enriching.at("/metadata").enrich(in, CALLER, Enriching.NONE, Enriching.NONE));
        assertEquals(merged(in, false, false), TREES.readTree(out));
      } catch (ProblemException problem) {
        assertEquals(ProblemCode.MALFORMED_JSON, problem.problem().code());
        refused++;
      }
    }
    assertTrue(refused > BODIES / 10 && refused < BODIES);
  }

  /// The merge as a person would write it who does not care for bytes.
  private static JsonNode merged(byte[] body, boolean header, boolean referer) {
    ObjectNode root = (ObjectNode) TREES.readTree(body);
    ObjectNode metadata = root.withObjectProperty("metadata");
    metadata.setAll((ObjectNode) TREES.readTree("{" + USER + "}"));
    if (header) {
      metadata.set("pageContext", TREES.readTree(HEADER));
    } else if (referer && !metadata.has("pageContext")) {
      metadata.set("pageContext", TREES.readTree(REFERER));
    }
    return root;
  }

  private static void untouchedBytesAreTheSame(Body body, String out, boolean header) {
    assertTrue(out.startsWith(body.before()), body::text);
    assertTrue(out.endsWith(body.after()), body::text);
    String inside = out.substring(body.before().length(), out.length() - body.after().length());
    int at = 0;
    for (RandomJson.Member member : body.kept(header)) {
      int found = inside.indexOf(member.text(), at);
      assertTrue(
          found >= 0,
          () -> body.text() + "\n=== became ===\n" + out + "\n=== lacks ===\n" + member.text());
      at = found + member.text().length();
    }
  }

  /// A body and what of it must come through.
  ///
  /// @param before up to and with the brace that opens the target, or the last member's end
  /// @param metadata the members of the target
  /// @param after from the brace that closes the target, or from behind the last member
  private record Body(
      String before, String target, List<RandomJson.Member> metadata, String after) {

    static Body random(RandomJson json) {
      List<RandomJson.Member> around = json.members(5, Set.of("metadata"), 3);
      return json.chance(70) ? withTarget(json, around) : withoutTarget(json, around);
    }

    private static Body withTarget(RandomJson json, List<RandomJson.Member> around) {
      List<RandomJson.Member> members = new ArrayList<>(json.members(4, Set.copyOf(OURS), 2));
      for (String name : OURS) {
        if (json.chance(40)) {
          members.add(json.member(name, json.value(2)));
        }
      }
      json.shuffle(members);
      String target = json.object(members);
      int split = json.below(around.size() + 1);
      RandomJson.Member metadata = json.member("metadata", "");
      StringBuilder before = new StringBuilder(json.blank()).append('{').append(json.blank());
      around
          .subList(0, split)
          .forEach(m -> before.append(m.text()).append(json.blank()).append(','));
      before.append(json.blank()).append(metadata.text()).append('{');
      StringBuilder after = new StringBuilder("}").append(json.blank());
      around
          .subList(split, around.size())
          .forEach(m -> after.append(',').append(json.blank()).append(m.text()));
      after.append(json.blank()).append('}').append(json.blank());
      return new Body(
          before.toString(), target.substring(1, target.length() - 1), members, after.toString());
    }

    private static Body withoutTarget(RandomJson json, List<RandomJson.Member> around) {
      String object = json.object(around);
      String open = object.substring(0, object.length() - 1).stripTrailing();
      return new Body(
          json.blank() + open, "", List.of(), object.substring(open.length()) + json.blank());
    }

    String text() {
      return before + target + after;
    }

    List<RandomJson.Member> kept(boolean header) {
      return metadata.stream()
          .filter(member ->
              !OURS.contains(member.name()) || (member.name().equals("pageContext") && !header))
          .toList();
    }
  }
}
