package dev.gatehouse.enrich;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A second reading of JSON, straight from the grammar of RFC 8259 and with no library, to hold the
/// first one against. Each character is a byte.
final class JsonText {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");
  private static final Pattern STRING =
      Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1f]++|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\"");
  private static final Pattern WORD = Pattern.compile("true|false|null");

  private final String text;
  private final int mostDepth;
  private int at;

  private JsonText(String text, int mostDepth) {
    this.text = text;
    this.mostDepth = mostDepth;
  }

  /// A value and where it stands.
  ///
  /// @param members of an object, in order; otherwise empty
  record Node(String text, int start, int end, boolean isObject, List<Member> members) {
    Optional<Member> member(String name) {
      return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }

    /// As it was spelled.
    String raw() {
      return text.substring(start, end);
    }
  }

  /// @param name without its escapes
  /// @param start of the quote that opens the name
  record Member(String name, int start, Node value) {
    String raw() {
      return value.text().substring(start, value.end());
    }
  }

  /// The object, if the bytes are exactly one.
  static Optional<Node> object(byte[] bytes, int mostDepth) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      JsonText json = new JsonText(new String(bytes, StandardCharsets.ISO_8859_1), mostDepth);
      json.blanks();
      Node node = json.value(0);
      json.blanks();
      return node.isObject() && json.at == bytes.length ? Optional.of(node) : Optional.empty();
    } catch (CharacterCodingException | NotJsonException _) {
      return Optional.empty();
    }
  }

  private Node value(int depth) {
    int start = at;
    List<Member> members = new ArrayList<>();
    switch (peek()) {
      case '{' -> object(depth + 1, members);
      case '[' -> array(depth + 1);
      case '"' -> take(STRING);
      case 't', 'f', 'n' -> take(WORD);
      default -> take(NUMBER);
    }
    return new Node(text, start, at, text.charAt(start) == '{', members);
  }

  private void object(int depth, List<Member> members) {
    enter(depth);
    Set<String> names = new HashSet<>();
    for (boolean first = true; !closes('}'); first = false) {
      separate(first);
      int start = at;
      String name = unescaped(take(STRING));
      // Half a surrogate pair in a name means something else to every reader (RFC 8259, 8.2).
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name) || !names.add(name)) {
        throw new NotJsonException();
      }
      blanks();
      expect(':');
      blanks();
      members.add(new Member(name, start, value(depth)));
    }
  }

  private void array(int depth) {
    enter(depth);
    for (boolean first = true; !closes(']'); first = false) {
      separate(first);
      value(depth);
    }
  }

  private void enter(int depth) {
    if (depth > mostDepth) {
      throw new NotJsonException();
    }
    at++;
  }

  private boolean closes(char bracket) {
    blanks();
    if (peek() != bracket) {
      return false;
    }
    at++;
    return true;
  }

  private void separate(boolean first) {
    if (!first) {
      expect(',');
      blanks();
    }
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw new NotJsonException();
    }
    at++;
  }

  private void blanks() {
    while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at == text.length()) {
      throw new NotJsonException();
    }
    return text.charAt(at);
  }

  private String take(Pattern pattern) {
    var matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw new NotJsonException();
    }
    at = matcher.end();
    return matcher.group();
  }

  private static String unescaped(String quoted) {
    byte[] bytes = quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.ISO_8859_1);
    String escaped = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder name = new StringBuilder();
    int i = 0;
    while (i < escaped.length()) {
      char c = escaped.charAt(i++);
      if (c != '\\') {
        name.append(c);
        continue;
      }
      char kind = escaped.charAt(i++);
      int simple = "bfnrt".indexOf(kind);
      if (kind == 'u') {
        name.append((char) Integer.parseInt(escaped.substring(i, i + 4), 16));
        i += 4;
      } else {
        name.append(simple < 0 ? kind : "\b\f\n\r\t".charAt(simple));
      }
    }
    return name.toString();
  }

  private static final class NotJsonException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
