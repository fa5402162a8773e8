package dev.gatehouse.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Keys in a file of this machine, which may be replaced at any time.
record KeyFile(Path file) implements KeySource {
  private static final int MAX_BYTES = 512 * 1024;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  @Override
  public KeySet fetch() throws IssuerException {
    // A pipe would never end.
    if (!Files.isRegularFile(file)) {
      throw new IssuerException(RefreshResult.UNREACHABLE);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] json = in.readNBytes(MAX_BYTES + 1);
      if (json.length > MAX_BYTES) {
        throw new IssuerException(RefreshResult.UNREACHABLE);
      }
      return KeySet.parse(json);
    } catch (IOException e) {
      throw new IssuerException(RefreshResult.UNREACHABLE, e);
    }
  }

  @Override
  public Duration patience() {
    return LOOK_EVERY;
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
