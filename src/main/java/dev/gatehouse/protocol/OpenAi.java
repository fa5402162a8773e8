package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// OpenAI's Responses and Chat Completions, as many servers speak them. What is in the body is
/// billed and read by the model, so that neither page nor user is written into it, but a name that
/// stands for the user.
final class OpenAi implements Protocol {
  private static final Set<String> ENDS =
      Set.of("response.completed", "response.failed", "response.incomplete", "error");

  @Override
  public boolean readsBody() {
    return true;
  }

  /// To cancel a response needs none.
  @Override
  public boolean bodyMayBeLeftOut() {
    return true;
  }

  @Override
  public List<Target> targets() {
    return List.of(Target.ROOT.of(Target.Content.Members.pseudonym("safety_identifier")));
  }

  @Override
  public List<HeaderPattern> headers() {
    return List.of(new HeaderPattern("OpenAI-*"));
  }

  /// `[DONE]` ends Chat Completions, an event of these types a response.
  @Override
  public Optional<Predicate<String>> lastEvent() {
    return Optional.of(OpenAi::isLast);
  }

  private static boolean isLast(String data) {
    return data.equals("[DONE]") || ENDS.contains(JsonText.outline(data).getOrDefault("type", ""));
  }
}
