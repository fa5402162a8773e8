package dev.gatehouse.agent;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list.
///
/// @param after where the next page begins; present if there is one
record Page<T>(List<T> data, Optional<String> after) {

  Page {
    data = List.copyOf(data);
  }

  static <T> Page<T> empty() {
    return new Page<>(List.of(), Optional.empty());
  }

  /// Cuts a page out of a whole list.
  ///
  /// @param all oldest first
  /// @throws Refusal if `after` names nothing in the list
  static <T> Page<T> of(List<T> all, PageRequest request, Function<T, String> id) {
    List<T> ordered =
        switch (request.order()) {
          case ASC -> all;
          case DESC -> all.reversed();
        };
    List<String> ids = ordered.stream().map(id).toList();
    int from = request.after().map(after -> behind(after, ids)).orElse(0);
    int to = Math.min(from + request.limit(), ordered.size());
    Optional<String> next = to < ordered.size() ? Optional.of(ids.get(to - 1)) : Optional.empty();
    return new Page<>(ordered.subList(from, to), next);
  }

  private static int behind(String after, List<String> ids) {
    int at = ids.indexOf(after);
    if (at < 0) {
      throw Refusal.invalid("params.after is not an id of this list.");
    }
    return at + 1;
  }
}
