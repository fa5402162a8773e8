package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random objects, enriched at the targets of every protocol and at others. A failure names its
/// seed; `-Dsplice.seed=7` adds one.
class SplicedBodyTest {
  private static final int BODIES = Integer.getInteger("random.bodies", 150);
  private static final List<String> OURS = List.of("userId", "userInfo", "pageContext");
  private static final List<SplicedBody> ROUTES =
      List.of(
          SplicedBody.chatKit(),
          SplicedBody.root(),
          SplicedBody.at("/a"),
          SplicedBody.at("/é/b", "/é/€", "/b"),
          SplicedBody.at("/params/metadata", "/metadata"));

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void bodyIsTheSameOutsideAndMergedInside(long seed) {
    hold(seed);
    hold(Long.getLong("splice.seed", seed + 100));
  }

  @Test
  void byteThatMovesIsNoticed() {
    SplicedBody other = new SplicedBody(Enriching.at("/a"), SplicedBody.at("/b").targets());
    assertThrows(
        AssertionError.class, () -> other.check("{\"a\":{}}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noPieceIsEmpty() {
    Splice splice = new Splice("abc".getBytes(StandardCharsets.UTF_8));
    splice.keepTo(0);
    splice.keepTo(2);
    splice.keepTo(2);
    assertEquals(List.of(2, 1), splice.finish().stream().map(ByteBuffer::remaining).toList());
    assertEquals(List.of(), new Splice(new byte[0]).finish());
  }

  private static void hold(long seed) {
    RandomJson json = new RandomJson(seed);
    for (int i = 0; i < BODIES; i++) {
      String body = json.blank() + object(json, 3) + json.blank();
      for (SplicedBody route : ROUTES) {
        try {
          route.check(body.getBytes(StandardCharsets.UTF_8));
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed %d, %s: %s".formatted(seed, route.targets(), body), e);
        }
      }
    }
  }

  /// An object in which anything may be ours, or be a target or on the way to one.
  private static String object(RandomJson json, int depth) {
    Set<String> reserved = Set.of("a", "b", "é", "€");
    List<RandomJson.Member> members = new ArrayList<>(json.members(4, reserved, 2));
    for (String name : OURS) {
      if (json.chance(25)) {
        members.add(json.member(name, json.value(1)));
      }
    }
    for (String name : List.of("metadata", "params", "input", "a", "b", "é", "€")) {
      if (depth > 0 && json.chance(35)) {
        String value = json.chance(95) ? object(json, depth - 1) : json.value(1);
        members.add(json.member(name, value));
      }
    }
    json.shuffle(members);
    return json.object(members);
  }
}
