package dev.gatehouse.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is written into request bodies.
///
/// @param enabled whether page context is taken; the verified user is written either way
/// @param maxSize bytes of the decoded page context
/// @param targets JSON Pointers (RFC 6901) of the objects written to; absent: the protocol's own
public record ContextConfig(boolean enabled, int maxSize, Optional<List<String>> targets) {

  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)+");

  /// What holds where the file is silent.
  public static final ContextConfig DEFAULTS = new ContextConfig(true, 16 * 1024, Optional.empty());

  public ContextConfig {
    targets = targets.map(List::copyOf);
    boolean pointers =
        targets.stream().flatMap(List::stream).allMatch(t -> POINTER.matcher(t).matches());
    new Requirements()
        .positive(maxSize, "max-size")
        .that(
            pointers,
            "targets",
            "must be JSON Pointers (RFC 6901) such as /metadata, in which ~ is written ~0 and a"
                + " / inside a name ~1")
        .that(
            targets.stream().noneMatch(ContextConfig::overlap),
            "targets",
            "must not name an object twice, or one inside another")
        .hold();
  }

  private static boolean overlap(List<String> pointers) {
    for (int i = 0; i < pointers.size(); i++) {
      for (int j = 0; j < pointers.size(); j++) {
        if (i != j && (pointers.get(j) + "/").startsWith(pointers.get(i) + "/")) {
          return true;
        }
      }
    }
    return false;
  }
}
