package dev.gatehouse.agent.model;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/// Reads on only as long as events are of a sensible size: what parses them holds each in memory.
final class EventLimit extends ForwardingSource {
  private static final long MOST_BYTES = 1024 * 1024;
  private long bytes;

  EventLimit(Source source) {
    super(source);
  }

  /// An event is complete.
  void reset() {
    bytes = 0;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    long read = super.read(sink, byteCount);
    bytes += Math.max(0, read);
    if (bytes > MOST_BYTES) {
      throw new ModelFailure("an event is too large");
    }
    return read;
  }
}
