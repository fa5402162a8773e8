package dev.gatehouse.enrich;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// JSON texts as strange as the grammar allows, the same ones for the same seed.
final class RandomJson {
  private static final String[] BLANKS = {"", "", "", " ", "\n", "\t", "\r\n", "  \n\t "};
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "1.50",
    "-12.0e+3",
    "1E400",
    "1e-400",
    "123456789012345678901234567890123456789",
    "0.10000000000000000000000000001",
    "2e0",
    "9".repeat(1500)
  };
  private static final String[] PIECES = {
    "a",
    "Z",
    " ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\\"",
    "\\\\",
    "\\/",
    "\\n",
    "\\u0000",
    "\\u00e9",
    "\\uD83D\\uDE00",
    "é",
    "€",
    "😀",
    "\u2028",
    "\u007f",
    "userId",
    "metadata",
    "//",
    "\\\\\\\""
  };

  private final Random random;

  RandomJson(long seed) {
    this.random = new Random(seed);
  }

  /// A member of an object in its spelling.
  record Member(String name, String text) {}

  /// The members, apart from the white space and commas around them. The names differ from each
  /// other and from the reserved ones once unescaped.
  List<Member> members(int most, Set<String> reserved, int depth) {
    Set<String> names = new LinkedHashSet<>();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      String name = letters();
      if (!reserved.contains(name)) {
        names.add(name);
      }
    }
    List<Member> members = new ArrayList<>();
    names.forEach(name -> members.add(member(name, value(depth))));
    return members;
  }

  Member member(String name, String value) {
    return new Member(name, '"' + escapedAtRandom(name) + '"' + blank() + ':' + blank() + value);
  }

  /// An object of these members, in this order.
  String object(List<Member> members) {
    StringBuilder text = new StringBuilder("{").append(blank());
    for (int i = 0; i < members.size(); i++) {
      text.append(i == 0 ? "" : ',' + blank()).append(members.get(i).text()).append(blank());
    }
    return text.append('}').toString();
  }

  String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> oneOf(NUMBERS);
      case 1, 2 -> string();
      case 3 -> oneOf("true", "false", "null");
      case 4 -> array(depth - 1);
      case 5 -> deep();
      default -> object(members(4, Set.of(), depth - 1));
    };
  }

  String blank() {
    return oneOf(BLANKS);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  void shuffle(List<?> list) {
    Collections.shuffle(list, random);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private String array(int depth) {
    StringBuilder text = new StringBuilder("[").append(blank());
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ',' + blank()).append(value(depth)).append(blank());
    }
    return text.append(']').toString();
  }

  private String deep() {
    int depth = 1 + random.nextInt(60);
    return "[".repeat(depth) + blank() + "{}" + blank() + "]".repeat(depth);
  }

  private String string() {
    StringBuilder text = new StringBuilder("\"");
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      text.append(oneOf(PIECES));
    }
    return text.append('"').toString();
  }

  private String letters() {
    return random
        .ints(random.nextInt(4), 0, 6)
        .mapToObj(i -> "abé€ U".substring(i, i + 1))
        .reduce("", String::concat);
  }

  private String escapedAtRandom(String name) {
    return name.chars()
        .mapToObj(c -> chance(20) ? "\\u%04X".formatted(c) : String.valueOf((char) c))
        .reduce("", String::concat);
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
