package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;

/// Anything at all, such as uploads and downloads; bodies are streamed unread.
final class Raw implements Protocol {

  @Override
  public boolean readsBody() {
    return false;
  }

  @Override
  public List<Target> targets() {
    return List.of();
  }

  @Override
  public List<HeaderPattern> headers() {
    return List.of();
  }

  @Override
  public Optional<String> operationMember() {
    return Optional.empty();
  }

  @Override
  public boolean streams(String operation) {
    return false;
  }

  @Override
  public Optional<byte[]> errorFrame(String message, boolean retry) {
    return Optional.empty();
  }
}
