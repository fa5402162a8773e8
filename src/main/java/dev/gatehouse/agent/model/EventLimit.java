package dev.gatehouse.agent.model;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/// Reads on only as long as events are of a sensible size: what parses them holds each in memory.
final class EventLimit extends ForwardingSource {
  private static final long USUAL = 1024 * 1024;

  /// Of a letter that comes back as an escape.
  private static final long GROWTH = 3;

  private final long mostBytes;
  private long bytes;

  /// @param asked the size of the request: its tools and instructions come back in some events
  EventLimit(Source source, long asked) {
    super(source);
    this.mostBytes = USUAL + GROWTH * asked;
  }

  /// An event is complete.
  void reset() {
    bytes = 0;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    long read = super.read(sink, byteCount);
    bytes += Math.max(0, read);
    if (bytes > mostBytes) {
      throw new ModelFailure("an event is too large");
    }
    return read;
  }
}
