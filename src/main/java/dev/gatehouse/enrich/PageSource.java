package dev.gatehouse.enrich;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Which page context a request's targets get.
///
/// @param enabled whether page context is taken at all
/// @param replacing written into every target, whatever stood there
/// @param filling written into targets that have none
record PageSource(boolean enabled, Optional<ByteBuffer> replacing, Optional<ByteBuffer> filling) {
  private static final PageSource DISABLED =
      new PageSource(false, Optional.empty(), Optional.empty());

  static PageSource of(
      boolean enabled,
      Optional<PageContext> header,
      Optional<ByteBuffer> body,
      Optional<PageContext> referer) {
    if (!enabled) {
      return DISABLED;
    }
    return new PageSource(
        true, header.map(PageContext::json), body.or(() -> referer.map(PageContext::json)));
  }

  /// What is to be written into a target, if anything.
  ///
  /// @param hasOwn whether the client already put a page context there
  Optional<ByteBuffer> forTarget(boolean hasOwn) {
    return hasOwn ? replacing : replacing.or(() -> filling);
  }
}
