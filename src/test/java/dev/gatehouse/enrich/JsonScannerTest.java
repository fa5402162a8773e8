package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.enrich.JsonScanner.Token;
import dev.gatehouse.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A body must mean to us what it means to the servers behind: ours is held against Jackson.
final class JsonScannerTest {
  private static final int MUTANTS = 200_000;
  private static final int DEPTH = 9;
  private static final Place PLACES =
      Place.of(
          List.of(
              Target.parse("/metadata", true),
              Target.parse("/a/b", false),
              Target.parse("/é/€", false)));
  private static final RootNames NAMES = new RootNames(Optional.of("type"), Optional.of("id"));
  private static final List<String> SEEDS =
      List.of(
          "{}",
          "{\"type\":\"a\\u0062\\n\",\"id\":12,\"metadata\":{\"userId\":\"x\",\"pageContext\":{}}}",
          "{\"id\":\"\\ud83d\\ude00 \\\" \\\\ é€😀\",\"type\":\"long enough for two words\"}",
          "{ \"a\" : { \"b\" : { \"userInfo\" : [ 1 , -0.5e+3 , true ] } } , \"é\":{\"€\":{}} }",
          "{\"a\":[0,-1,10,1.5,2e3,1E-2],\"b\":[true,false,null],\"c\":\"\\u00e9\\uD800\\udc00x\"}",
          "{\"\\u0061\":{\"\\ud83d\\ude00\":1,\"b\":2},\"éé\":3,\"\":4,\"é\\u20ac\":{}}",
          "{\"a\":[[[[[[[[]]]]]]]],\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{}}}}}}}}",
          "\r\n{\t\"id\"\n:\r1.0 ,\"type\" : \"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\"}\t",
          "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,"
              + "\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16,\"q\":17,\"r\\t\":18}");
  private static final String MARKS =
      "\"\"\\\\{}[]::,,.-+eE0019 \n\t\r\0\u000b\f\u001f\u007f/bfnrtu'#dDa";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-",
        "--0",
        "+1",
        "00",
        "01",
        "-01",
        "1.",
        "1.e1",
        ".1",
        "-.1",
        "1e",
        "1e+",
        "1E-",
        "1e5e",
        "1e1.5",
        "1.5.5",
        "1a",
        "1-",
        "1+",
        "0x1",
        "-0.0E-0",
        "1e400",
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "+Infinity",
        "INF",
        "1_0",
        "1\"a\"",
        "1[]",
        "1{}",
        "1true",
        "true",
        "tru",
        "truee",
        "true1",
        "trueé",
        "True",
        "TRUE",
        "nul",
        "nulll",
        "null\"a\"",
        "nulltrue",
        "null[]",
        "false",
        "fals",
        "falsetrue",
        "undefined",
        "",
        ",",
        ",1",
        "1,",
        "1,2",
        "1,,2",
        "1 2",
        "[1,]",
        "[,1]",
        "[,]",
        "[]",
        "[ ]",
        "[1 2]",
        "[[],[]]",
        "[][]",
        "]",
        "}",
        "[}",
        "{]",
        "{,}",
        "{\"b\"}",
        "{\"b\":}",
        "{\"b\":1,}",
        "{,\"b\":1}",
        "{\"b\":1,,\"c\":2}",
        "{\"b\":1 \"c\":2}",
        "{\"b\" \"c\"}",
        "{\"b\",1}",
        "{\"b\"::1}",
        "{:1}",
        "{1:1}",
        "{b:1}",
        "{'b':1}",
        "{null:1}",
        "{\"b\":1:2}",
        "{\"b\":1}{}",
        "[1:2]",
        "[\"b\":1]",
        "'b'",
        "\"",
        "\"\"\"",
        "\"\"\"\"",
        "\"\u007f\"",
        "\"\0\"",
        "\"\t\"",
        "\"\u001f\"",
        "\"\\",
        "\"\\\"",
        "\"\\\\\"",
        "\"\\'\"",
        "\"\\0\"",
        "\"\\x41\"",
        "\"\\U0041\"",
        "\"\\u\"",
        "\"\\u004\"",
        "\"\\u004g\"",
        "\"\\u 041\"",
        "\"\\u+041\"",
        "\"\\uD800\"",
        "\"\\uDC00\\uD800\"",
        "\"\\uD800\\u0041\"",
        "\"\\uD800\\n\"",
        "\"\\uFFFF\"",
        "\"\\u0000\"",
        "\"\ufeff\"",
        "/**/1",
        "1/**/",
        "1//\n",
        "#\n1",
        "1\u00a0",
        "\u20281",
        "\u000b1",
        "1\f",
        "1\0",
        "\ufeff1",
        "１",
        "é",
        "\u007f",
        "\u001e1",
        "`1`",
        "(1)",
        "1;",
        "...",
        "-é",
        "1é",
        "\"é",
        "\"a\"é"
      })
  void cornerIsReadAsJacksonReadsIt(String value) {
    agrees("{\"a\":" + value + "}");
    agrees("{\"a\": " + value + " ,\"id\":" + value + "}");
    agrees("{\"a\":[" + value + "]}");
    agrees("{\"a\":[0," + value + ",0]}");
    agrees("{\"metadata\":{\"userId\":" + value + "}}");
    agrees("{" + value + ":1}");
    agrees("{\"b\":2," + value + ":1}");
    agrees("{}" + value);
    agrees(value + "{}");
    agrees("{\"type\":" + value);
    agrees(value);
  }

  @Test
  void depthIsCountedAsJacksonCountsIt() {
    for (int depth = DEPTH - 2; depth < DEPTH + 2; depth++) {
      agrees("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
      agrees("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
      agrees("{\"a\":{},\"b\":" + "[".repeat(depth) + "{}" + "]".repeat(depth) + "}");
    }
    assertTrue(scan("{\"a\":" + "[".repeat(DEPTH - 1) + "]".repeat(DEPTH - 1) + "}").isPresent());
    assertTrue(scan("{\"a\":" + "[".repeat(DEPTH) + "]".repeat(DEPTH) + "}").isEmpty());
  }

  @Test
  void duplicateIsFoundAmongAnyNumberOfNames() {
    for (int count = 1; count < 40; count++) {
      List<String> names = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
      assertTrue(scan(object(names)).isPresent());
      for (int other = 0; other < count; other++) {
        for (String again : List.of("n" + other, "\\u006e" + other)) {
          List<String> more = new ArrayList<>(names);
          more.add(again);
          assertTrue(scan(object(more)).isEmpty(), object(more));
          assertTrue(scan("{\"x\":[{\"n\":{}}," + object(more.reversed()) + "]}").isEmpty());
        }
      }
    }
  }

  @Test
  void namesOfAnObjectAreForgottenWithIt() {
    String many =
        object(IntStream.range(0, 40).mapToObj(i -> "n" + i).collect(Collectors.toList()));
    assertTrue(scan("{\"a\":[" + many + "," + many + ",{\"n1\":" + many + "}]}").isPresent());
    assertTrue(scan("{\"a\":{\"b\":{\"a\":1},\"a\":2},\"b\":{\"a\":3}}").isPresent());
    assertTrue(scan("{\"a\":{\"b\":1},\"b\":{\"a\":1},\"a\":1}").isEmpty());
  }

  @Test
  void tokensAreFoundWhereTheyStand() {
    String json = " {\"a\" : [ -1, 2e0 ,true],\"\\u0062\":\"c\\n\"} ";
    JsonScanner scanner = new JsonScanner(json.getBytes(StandardCharsets.UTF_8), DEPTH);
    List<String> found = new ArrayList<>();
    for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
      found.add(token + " " + json.substring(scanner.tokenStart(), scanner.tokenEnd()));
      if (token == Token.NAME || token == Token.STRING) {
        found.add(scanner.text());
      }
    }
    assertEquals(
        List.of(
            "OBJECT {",
            "NAME \"a\"",
            "a",
            "ARRAY [",
            "INTEGER -1",
            "FRACTION 2e0",
            "WORD true",
            "ARRAY_END ]",
            "NAME \"\\u0062\"",
            "b",
            "STRING \"c\\n\"",
            "c\n",
            "OBJECT_END }"),
        found);
  }

  @Test
  void refusalCostsNoStackTraceAndTellsNothing() {
    JsonScanner scanner = new JsonScanner(new byte[] {'x'}, DEPTH);
    MalformedJsonException refusal =
        assertThrows(MalformedJsonException.class, () -> scanner.next());
    assertEquals(0, refusal.getStackTrace().length);
    assertEquals(null, refusal.getMessage());
  }

  @Test
  void randomBodiesAreReadAsJacksonReadsThem() {
    RandomJson json = new RandomJson(31);
    for (int i = 0; i < 5_000; i++) {
      agrees("{\"a\":" + json.value(3) + ",\"metadata\":" + json.value(3) + "}");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42})
  void brokenBodiesAreReadAsJacksonReadsThem(long seed) {
    Random random = new Random(seed);
    List<byte[]> seeds = SEEDS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    seeds.forEach(whole -> assertTrue(scan(whole).isPresent()));
    int taken = 0;
    for (int i = 0; i < MUTANTS / 2; i++) {
      byte[] body = seeds.get(random.nextInt(seeds.size()));
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        body = changed(body, random);
      }
      taken += agrees(body) ? 1 : 0;
    }
    assertTrue(
        taken > MUTANTS / 50 && taken < MUTANTS / 3, "of " + MUTANTS / 2 + " are taken: " + taken);
  }

  /// With one stretch of up to four bytes changed, left out, repeated or put in, or without its
  /// end.
  private static byte[] changed(byte[] body, Random random) {
    int from = random.nextInt(body.length + 1);
    int to = Math.min(body.length, from + 1 + random.nextInt(4));
    byte[] middle =
        switch (random.nextInt(8)) {
          case 0, 1 -> mark(random);
          case 2 -> new byte[] {(byte) random.nextInt(256)};
          case 3 -> new byte[0];
          case 4 -> joined(slice(body, from, to), slice(body, from, to));
          case 5 -> joined(mark(random), slice(body, from, to));
          case 6 -> {
            byte[] flipped = slice(body, from, to);
            for (int i = 0; i < flipped.length; i++) {
              flipped[i] ^= (byte) (1 << random.nextInt(8));
            }
            yield flipped;
          }
          default -> {
            int other = random.nextInt(body.length + 1);
            yield slice(body, other, Math.min(body.length, other + random.nextInt(12)));
          }
        };
    if (random.nextInt(40) == 0) {
      return slice(body, 0, from);
    }
    return joined(slice(body, 0, from), joined(middle, slice(body, to, body.length)));
  }

  private static byte[] mark(Random random) {
    return new byte[] {(byte) MARKS.charAt(random.nextInt(MARKS.length()))};
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static String object(List<String> names) {
    return names.stream()
        .map(name -> '"' + name + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static void agrees(String body) {
    agrees(body.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether both take it.
  private static boolean agrees(byte[] body) {
    Optional<Outline> ours = scan(body);
    assertEquals(
        JacksonOutline.read(body, DEPTH, PLACES, NAMES),
        ours,
        () -> new String(body, StandardCharsets.ISO_8859_1));
    return ours.isPresent();
  }

  private static Optional<Outline> scan(String body) {
    return scan(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Outline> scan(byte[] body) {
    return Outline.read(body, DEPTH, PLACES, NAMES);
  }
}
