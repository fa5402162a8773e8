package dev.gatehouse.auth;

/// How a token must look, to the letter, before anything else is done with it. Every request is
/// held against it, and tokens are long: hence loops and no regular expressions.
enum TokenForm {
  /// Three parts in base64url (RFC 7515, 7.1).
  COMPACT_JWS(Refusal.NOT_A_COMPACT_JWS) {
    @Override
    boolean matches(String token) {
      int first = end(token, 0, BASE64URL);
      int second = end(token, first + 1, BASE64URL);
      return isPart(token, 0, first)
          && isPart(token, first + 1, second)
          && second + 1 < token.length()
          && end(token, second + 1, BASE64URL) == token.length();
    }

    // Whether a part is not empty and a dot follows it.
    private static boolean isPart(String token, int from, int to) {
      return from < to && to < token.length() && token.charAt(to) == '.';
    }
  },
  /// Anything that may stand behind `Bearer` (RFC 6750, 2.1).
  BEARER(Refusal.NOT_A_BEARER_TOKEN) {
    @Override
    boolean matches(String token) {
      int padding = end(token, 0, TOKEN68);
      int end = padding;
      while (end < token.length() && token.charAt(end) == '=') {
        end++;
      }
      return padding > 0 && end == token.length();
    }
  };

  private static final boolean[] BASE64URL = lettersDigitsAnd("-_");
  private static final boolean[] TOKEN68 = lettersDigitsAnd("-._~+/");

  private final Refusal otherwise;

  TokenForm(Refusal otherwise) {
    this.otherwise = otherwise;
  }

  /// The token itself, or a refusal.
  String checked(String token) {
    if (!matches(token)) {
      throw otherwise.exception();
    }
    return token;
  }

  abstract boolean matches(String token);

  /// Where letters, digits and the others that are allowed end.
  private static int end(String token, int from, boolean[] allowed) {
    int at = from;
    while (at < token.length() && token.charAt(at) < allowed.length && allowed[token.charAt(at)]) {
      at++;
    }
    return at;
  }

  private static boolean[] lettersDigitsAnd(String others) {
    boolean[] allowed = new boolean[128];
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    (letters + "0123456789" + others).chars().forEach(c -> allowed[c] = true);
    return allowed;
  }
}
