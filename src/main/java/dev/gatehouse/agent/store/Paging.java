package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.UnknownCursor;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list that is ordered by its sequence number: only its own rows are read, and the one
/// behind them.
///
/// @param condition SQL for the rows behind the cursor, with one value
/// @param order SQL
/// @param start the value of the condition
/// @param limit how many rows are asked for
record Paging(String condition, String order, long start, int limit) {

  /// Where an id stands in the list.
  @FunctionalInterface
  interface Place {
    Optional<Long> of(String id) throws SQLException;
  }

  /// @throws UnknownCursor if the id behind which the page begins has no place
  static Paging of(PageRequest request, Place place) throws SQLException {
    Optional<Long> start = Optional.empty();
    if (request.after().isPresent()) {
      start = Optional.of(place.of(request.after().get()).orElseThrow(UnknownCursor::new));
    }
    int limit = Math.max(0, request.limit());
    return switch (request.order()) {
      case ASC -> new Paging("seq > ?", "seq ASC", start.orElse(Long.MIN_VALUE), limit);
      case DESC -> new Paging("seq < ?", "seq DESC", start.orElse(Long.MAX_VALUE), limit);
    };
  }

  /// One more than asked for tells whether there is a next page.
  int rows() {
    return limit + 1;
  }

  <T> Page<T> page(List<T> rows, Function<T, String> id) {
    return page(rows, rows.size(), id);
  }

  /// @param rows the first of those that were found
  /// @param found how many were found
  <T> Page<T> page(List<T> rows, int found, Function<T, String> id) {
    List<T> data = rows.subList(0, Math.min(limit, rows.size()));
    if (data.isEmpty() || data.size() == found) {
      return new Page<>(data, Optional.empty());
    }
    return new Page<>(data, Optional.of(id.apply(data.getLast())));
  }
}
