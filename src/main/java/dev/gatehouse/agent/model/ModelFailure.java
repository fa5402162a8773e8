package dev.gatehouse.agent.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serial;

/// A model did not answer, or not in a way that can be shown. The message is ours to the letter: it
/// quotes neither what the model said nor what it was told.
final class ModelFailure extends IOException {
  @Serial private static final long serialVersionUID = 1;

  ModelFailure(String message) {
    super(message);
  }

  /// By its kind only: the text of an HTTP client's failure may quote what it read.
  static ModelFailure of(IOException e) {
    // Of a socket that waited or, just before it would, of a deadline.
    return e instanceof InterruptedIOException
        ? new ModelFailure("it was silent for too long")
        : new ModelFailure("its connection failed with " + e.getClass().getSimpleName());
  }
}
