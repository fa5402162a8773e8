package dev.gatehouse.upstream;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Sets of header names as the rules need them: lower-case, and folded where servers fold.
final class HeaderNames {
  /// RFC 9110 section 7.6.1 and RFC 9112 section 9.
  static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HeaderNames() {}

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// As servers that turn headers into variables see it: `X_User.ID` is `x-user-id`.
  static String folded(String name) {
    return lower(name).replace('_', '-').replace('.', '-');
  }

  /// The names a `Connection` header nominates as hop-by-hop.
  static Set<String> nominated(List<String> connectionValues) {
    Set<String> names = new HashSet<>();
    connectionValues.stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(name -> lower(name.strip()))
        .forEach(names::add);
    return names;
  }

  static Set<String> foldedAll(Collection<String> names, Stream<String> more) {
    Set<String> folded = new HashSet<>();
    Stream.concat(names.stream(), more).map(HeaderNames::folded).forEach(folded::add);
    return folded;
  }
}
