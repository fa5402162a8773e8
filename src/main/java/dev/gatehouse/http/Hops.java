package dev.gatehouse.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The addresses that proxies wrote down, the nearest first; empty where one wrote something else,
/// such as `unknown`. Read as far as they are asked for, since a client can write down many.
record Hops(Stream<Optional<InetAddress>> addresses) {
  private static final Pattern NODE =
      Pattern.compile(
          "((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?::[0-9]{1,5})?"
              + "|\\[([0-9a-fA-F:.]{2,45})\\](?::[0-9]{1,5})?"
              + "|([0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{1,44})");

  /// Those of `X-Forwarded-For`.
  static Hops ofForwardedFor(List<String> values) {
    return new Hops(nearestFirst(values).map(Hops::node));
  }

  /// Those of `Forwarded` (RFC 7239).
  static Hops ofForwarded(List<String> values) {
    return new Hops(nearestFirst(values).map(Hops::forParameter));
  }

  // A quoted comma would be torn apart here, into pieces that are no address. Reading from the
  // left instead, a quote that a client left open would swallow what the proxies added.
  private static Stream<String> nearestFirst(List<String> values) {
    List<String> elements = new ArrayList<>(List.of(String.join(",", values).split(",", -1)));
    return elements.reversed().stream();
  }

  private static Optional<InetAddress> forParameter(String element) {
    List<String> found = new ArrayList<>();
    for (String pair : element.split(";", -1)) {
      String[] parts = pair.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equalsIgnoreCase("for")) {
        found.add(parts[1]);
      }
    }
    return found.size() == 1 ? node(unquoted(found.getFirst())) : Optional.empty();
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static Optional<InetAddress> node(String text) {
    Matcher node = NODE.matcher(text.strip());
    if (!node.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= node.groupCount(); group++) {
      if (node.group(group) != null) {
        return literal(node.group(group));
      }
    }
    return Optional.empty();
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
