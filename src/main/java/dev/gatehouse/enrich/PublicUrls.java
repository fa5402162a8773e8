package dev.gatehouse.enrich;

import dev.gatehouse.enrich.JsonScanner.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns URLs that an agent minted from its own idea of its address into those under which browsers
/// reach it. Only strings of a JSON document that begin with such a URL are touched; every other
/// byte stays.
public final class PublicUrls {
  /// No URLs.
  public static final PublicUrls NONE = new PublicUrls(List.of());

  private static final int MAX_DEPTH = 500;
  private static final String ENDS = "/?#";

  private final List<Rule> rules;

  private record Rule(String prefix, String path) {
    boolean appliesTo(String url) {
      return url.startsWith(prefix)
          && (url.length() == prefix.length() || ENDS.indexOf(url.charAt(prefix.length())) >= 0);
    }
  }

  private PublicUrls(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// Looks for these.
  ///
  /// @param paths the beginnings of the agent's URLs, and the public path of each; of several that
  ///   fit the longest holds
  public static PublicUrls of(Map<String, String> paths) {
    return new PublicUrls(
        paths.entrySet().stream()
            .map(entry -> new Rule(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingInt((Rule rule) -> -rule.prefix().length()))
            .toList());
  }

  /// Whether there is nothing to look for.
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /// The document with public URLs; the same array if it has none of the agent's, or is not
  /// well-formed.
  ///
  /// @param origin what public URLs begin with
  public byte[] in(byte[] json, String origin) {
    JsonScanner scanner = new JsonScanner(json, MAX_DEPTH);
    Splice splice = new Splice(json);
    boolean replaced = false;
    try {
      for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
        if (token == Token.STRING) {
          replaced |= replace(scanner, origin, splice);
        }
      }
    } catch (MalformedJsonException _) {
      return json;
    }
    return replaced ? joined(splice.finish()) : json;
  }

  private boolean replace(JsonScanner scanner, String origin, Splice splice) {
    String url = scanner.text();
    Optional<Rule> rule = rules.stream().filter(found -> found.appliesTo(url)).findFirst();
    rule.ifPresent(found -> {
      splice.keepTo(scanner.tokenStart());
      splice.skipTo(scanner.tokenEnd());
      splice.add(Members.text(origin + found.path() + url.substring(found.prefix().length())));
    });
    return rule.isPresent();
  }

  private static byte[] joined(List<ByteBuffer> pieces) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (ByteBuffer piece : pieces) {
      joined.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    }
    return joined.toByteArray();
  }
}
