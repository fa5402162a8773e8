package dev.gatehouse.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// AG-UI: one POST with all of the conversation, answered by the events of one run. Its clients
/// take any status but 2xx for a run that failed, and do not try again, so that a failure keeps its
/// status.
final class AgUi implements Protocol {
  private static final Set<String> ENDS = Set.of("RUN_FINISHED", "RUN_ERROR");

  @Override
  public boolean readsBody() {
    return true;
  }

  // Both members are required of a client, which may know no better than to leave them out.
  @Override
  public List<Target> targets() {
    return List.of(
        Target.parse("/context", true)
            .of(new Target.Content.Item("The page that the user is looking at, as JSON")),
        Target.parse("/forwardedProps/gatehouse", true).withParent().of(Target.Content.USER));
  }

  @Override
  public Optional<Predicate<String>> lastEvent() {
    return Optional.of(AgUi::isLast);
  }

  private static boolean isLast(String data) {
    Map<String, String> event = JsonText.outline(data);
    return ENDS.contains(event.getOrDefault("type", ""));
  }
}
