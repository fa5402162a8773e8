package dev.gatehouse.testing;

import java.time.Duration;

/// What becomes of the bytes that go one way through a [FaultProxy].
///
/// @param delay before every piece that was read
/// @param slice most bytes that are written at once
/// @param bytesPerSecond zero is as fast as they come
/// @param after how many bytes the end comes
/// @param end what it is
public record Fault(Duration delay, int slice, long bytesPerSecond, long after, End end) {
  /// They pass.
  public static final Fault NONE =
      new Fault(Duration.ZERO, Integer.MAX_VALUE, 0, Long.MAX_VALUE, End.NONE);

  /// How a way can end before its time.
  public enum End {
    /// It does not.
    NONE,
    /// Orderly, as if the sender had closed.
    FIN,
    /// By a reset of both connections.
    RESET,
    /// In silence: nothing comes any more, and nothing is closed before the other way ends.
    STALL
  }

  /// Exactly this many bytes pass, then FIN.
  public static Fault finAfter(long bytes) {
    return NONE.ending(bytes, End.FIN);
  }

  /// At most this many bytes pass, then a reset, which may overtake some of them.
  public static Fault resetAfter(long bytes) {
    return NONE.ending(bytes, End.RESET);
  }

  /// Exactly this many bytes pass, then none.
  public static Fault stallAfter(long bytes) {
    return NONE.ending(bytes, End.STALL);
  }

  /// The same with an end.
  public Fault ending(long bytes, End how) {
    return new Fault(delay, slice, bytesPerSecond, bytes, how);
  }

  /// The same with a wait before every piece.
  public Fault delayed(Duration wait) {
    return new Fault(wait, slice, bytesPerSecond, after, end);
  }

  /// The same in slices of so many bytes.
  public Fault sliced(int bytes) {
    return new Fault(delay, bytes, bytesPerSecond, after, end);
  }

  /// The same at this speed.
  public Fault throttled(long bytes) {
    return new Fault(delay, slice, bytes, after, end);
  }
}
