package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.OutputStream;

/// The body of an upstream request; sent at most once.
public interface OutboundBody {

  /// A body of no bytes.
  OutboundBody NOTHING =
      new OutboundBody() {
        @Override
        public long length() {
          return 0;
        }

        @Override
        public boolean isReplayable() {
          return true;
        }

        @Override
        public void writeTo(OutputStream sink) {
          // nothing it is
        }
      };

  /// Bytes, or -1 where nobody knows yet.
  long length();

  /// Whether it can be written again, where the upstream has proven not to have looked at it. What
  /// it writes is then sent from where it stands, and must never change.
  boolean isReplayable();

  /// Writes all of it.
  ///
  /// @throws IOException if the upstream, or the browser it is read from, breaks off
  void writeTo(OutputStream sink) throws IOException;
}
