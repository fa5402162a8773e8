package dev.gatehouse.enrich;

/// A text is not the JSON it should be. Says no more, so that nothing of the text goes any further.
final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedJsonException() {
    super(null, null, false, false);
  }
}
