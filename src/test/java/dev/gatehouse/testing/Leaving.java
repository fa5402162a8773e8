package dev.gatehouse.testing;

import java.io.IOException;

/// The ways in which a peer leaves a connection.
public enum Leaving {
  /// As programs do: FIN, and under TLS its farewell before it.
  CLOSE {
    @Override
    public void leave(Wire wire) throws IOException {
      wire.close();
    }
  },
  /// FIN without a farewell of TLS, as when a process ends.
  DROP {
    @Override
    public void leave(Wire wire) throws IOException {
      wire.drop();
    }
  },
  /// RST.
  RESET {
    @Override
    public void leave(Wire wire) throws IOException {
      wire.reset();
    }
  },
  /// FIN, but still listening.
  HALF_CLOSE {
    @Override
    public void leave(Wire wire) throws IOException {
      wire.halfClose();
    }
  };

  /// Does it.
  public abstract void leave(Wire wire) throws IOException;
}
