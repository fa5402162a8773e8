package dev.gatehouse.enrich;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Reads a JSON text in UTF-8 token by token and keeps nothing of it. It takes exactly what RFC
/// 8259 and the contract allow: one value, no byte order mark, no duplicate names, no limit but
/// depth. Anything else is a [MalformedJsonException], at the latest at the [end][Token#END].
final class JsonScanner {
  private final byte[] json;
  private final int mostDepth;

  /// By depth, whether that is an object.
  private final BitSet objects = new BitSet();

  /// Of the open objects, from the outermost; the rest waits to be used again.
  private final List<ObjectNames> names = new ArrayList<>();

  private int openObjects;
  private int depth;
  private int start;
  private int at;
  private Behind behind = Behind.NOTHING;

  JsonScanner(byte[] json, int mostDepth) {
    this.json = json;
    this.mostDepth = mostDepth;
  }

  /// What a text is made of; commas and colons go without saying.
  enum Token {
    OBJECT,
    OBJECT_END,
    ARRAY,
    ARRAY_END,
    NAME,
    STRING,
    INTEGER,
    FRACTION,
    WORD,
    END
  }

  /// What was read last, which says what may come.
  private enum Behind {
    NOTHING,
    OPENING,
    NAME,
    VALUE
  }

  /// Moves to the next token.
  Token next() {
    blanks();
    return switch (behind) {
      case NOTHING -> value();
      case NAME -> {
        separator(':');
        yield value();
      }
      case OPENING -> closes() ? close() : nameOrItem();
      case VALUE -> depth == 0 ? end() : closes() ? close() : further();
    };
  }

  /// Moves to the last token of the value that the current one begins.
  void skip() {
    if (behind == Behind.OPENING) {
      int outside = depth - 1;
      while (depth > outside) {
        next();
      }
    }
  }

  /// How many objects and arrays are open.
  int depth() {
    return depth;
  }

  /// Offset of the current token's first byte.
  int tokenStart() {
    return start;
  }

  /// Offset behind the current token's last byte.
  int tokenEnd() {
    return at;
  }

  /// The current name or string without its quotes and escapes.
  String text() {
    return JsonString.text(json, start + 1, at - 1);
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private Token value() {
    start = at;
    behind = Behind.VALUE;
    return switch (peek()) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> {
        at = JsonString.end(json, at + 1);
        yield Token.STRING;
      }
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private Token open(boolean object) {
    if (depth == mostDepth) {
      throw new MalformedJsonException();
    }
    at++;
    depth++;
    objects.set(depth, object);
    behind = Behind.OPENING;
    if (!object) {
      return Token.ARRAY;
    }
    if (openObjects == names.size()) {
      names.add(new ObjectNames(json));
    }
    names.get(openObjects++).clear();
    return Token.OBJECT;
  }

  private boolean inObject() {
    return objects.get(depth);
  }

  private boolean closes() {
    return peek() == (inObject() ? '}' : ']');
  }

  private Token close() {
    boolean object = inObject();
    start = at++;
    depth--;
    behind = Behind.VALUE;
    if (!object) {
      return Token.ARRAY_END;
    }
    openObjects--;
    return Token.OBJECT_END;
  }

  private Token further() {
    separator(',');
    return nameOrItem();
  }

  private Token nameOrItem() {
    return inObject() ? name() : value();
  }

  private Token name() {
    start = at;
    take('"');
    at = JsonString.end(json, at);
    if (!names.get(openObjects - 1).add(start + 1, at - 1)) {
      throw new MalformedJsonException();
    }
    behind = Behind.NAME;
    return Token.NAME;
  }

  private Token word(String word) {
    for (int i = 0; i < word.length(); i++) {
      take(word.charAt(i));
    }
    return Token.WORD;
  }

  private Token number() {
    Token kind = Token.INTEGER;
    accept('-');
    if (!accept('0')) {
      digits();
    }
    if (accept('.')) {
      digits();
      kind = Token.FRACTION;
    }
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      digits();
      kind = Token.FRACTION;
    }
    return kind;
  }

  private void digits() {
    int first = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == first) {
      throw new MalformedJsonException();
    }
  }

  private Token end() {
    start = at;
    if (at < json.length) {
      throw new MalformedJsonException();
    }
    return Token.END;
  }

  private void separator(char wanted) {
    take(wanted);
    blanks();
  }

  private void take(char wanted) {
    if (!accept(wanted)) {
      throw new MalformedJsonException();
    }
  }

  private boolean accept(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void blanks() {
    while (at < json.length && isBlank(json[at])) {
      at++;
    }
  }

  /// The byte that comes, or at the end of the text one that may stand nowhere.
  private byte peek() {
    return at < json.length ? json[at] : 0;
  }
}
