package dev.gatehouse.agent.chat;

import java.util.List;
import java.util.Optional;

/// The page a person looks at, as a browser tells it: data, never instructions. Every member passed
/// through [PlainText].
public record PageContext(
    Optional<String> title,
    Optional<String> url,
    Optional<String> description,
    List<String> headings) {
  public static final PageContext NONE =
      new PageContext(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public PageContext {
    headings = List.copyOf(headings);
  }
}
