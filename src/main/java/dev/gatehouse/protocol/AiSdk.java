package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Vercel's AI SDK, UI message streams: one POST per turn, and a GET that takes up a stream that is
/// under way or is answered 204.
final class AiSdk implements Protocol {

  @Override
  public boolean readsBody() {
    return true;
  }

  @Override
  public List<Target> targets() {
    return List.of(Target.ROOT);
  }

  @Override
  public List<HeaderPattern> headers() {
    return List.of(new HeaderPattern("x-vercel-ai-ui-message-stream"));
  }

  @Override
  public Optional<Predicate<String>> lastEvent() {
    return Optional.of("[DONE]"::equals);
  }
}
