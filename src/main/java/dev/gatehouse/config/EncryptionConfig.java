package dev.gatehouse.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// With what cookies are sealed (RFC 7516).
///
/// @param keys the first one seals; all of them open
/// @param acceptPlain whether a token that is not sealed is accepted too
public record EncryptionConfig(List<CookieKeyConfig> keys, boolean acceptPlain) {
  private static final int MOST_KEYS = 8;

  public EncryptionConfig {
    keys = List.copyOf(keys);
    Set<String> ids = new HashSet<>();
    boolean different =
        keys.stream().map(CookieKeyConfig::id).flatMap(Optional::stream).allMatch(ids::add);
    new Requirements()
        .that(!keys.isEmpty() && keys.size() <= MOST_KEYS, "keys", "must be one to eight keys")
        .that(different, "keys", "must have different ids")
        .hold();
  }
}
