package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes tokens out of what a server says: one that repeats the headers it got must not bring them
/// into a conversation. Of a JWT each part is a secret, because the claims are about a person. To
/// be used before anything is cut off.
record Redaction(List<Pattern> secrets) {
  private static final Pattern DOT = Pattern.compile("\\.");
  private static final int SHORTEST_PART = 16;

  /// What making a text plain would take out: a token is seen between it as well.
  private static final String MARKUP = "[\\[\\]<>`*\\\\|]*+";

  static Redaction of(Stream<BearerToken> tokens) {
    return new Redaction(
        tokens
            .map(BearerToken::value)
            .flatMap(Redaction::wholeAndParts)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Redaction::pattern)
            .toList());
  }

  private static Stream<String> wholeAndParts(String token) {
    return Stream.concat(
        Stream.of(token), DOT.splitAsStream(token).filter(part -> part.length() >= SHORTEST_PART));
  }

  private static Pattern pattern(String secret) {
    return Pattern.compile(
        secret
            .chars()
            .mapToObj(character -> Pattern.quote(Character.toString(character)))
            .collect(Collectors.joining(MARKUP)));
  }

  String clean(String text) {
    String clean = text;
    for (Pattern secret : secrets) {
      clean = secret.matcher(clean).replaceAll("…");
    }
    return clean;
  }
}
