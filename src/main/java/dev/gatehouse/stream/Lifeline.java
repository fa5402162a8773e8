package dev.gatehouse.stream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one place where an exchange ends. Whoever is first to say how wins; everybody who holds on
/// to the exchange has put its cancel here and is let go.
public final class Lifeline {
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> cancel = new AtomicReference<>();
  private volatile boolean sendingLast;

  /// Ends the exchange, unless it has ended already.
  public void end(Ending how) {
    if (ending.compareAndSet(null, how)) {
      letGo();
    }
  }

  /// Says that the browser was seen to leave. It may well do so the moment it has all it was
  /// promised, while the last bytes are only just being counted here.
  public void left() {
    if (!sendingLast) {
      end(Ending.CLIENT_CLOSED);
    }
  }

  /// Says that the bytes being sent now complete the answer.
  void sendingLast() {
    sendingLast = true;
  }

  /// Puts what is to be cancelled when the exchange ends before its time; runs it at once where
  /// that has happened already.
  public void onEnd(Runnable action) {
    cancel.set(action);
    if (ending.get() != null) {
      letGo();
    }
  }

  /// How it ended; empty while it goes on.
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending.get());
  }

  private void letGo() {
    Runnable action = cancel.getAndSet(null);
    if (action != null && ending.get() != Ending.COMPLETED) {
      action.run();
    }
  }
}
