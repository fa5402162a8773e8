package dev.gatehouse.agent.store;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Where conversations are kept, and for how long.
///
/// @param url `jdbc:sqlite:FILE` or `jdbc:postgresql://HOST/DATABASE`, without a password
/// @param user for PostgreSQL
/// @param password for PostgreSQL
/// @param retention how long a thread is kept after its last item; zero is for ever
public record StoreSettings(
    String url, Optional<String> user, Optional<String> password, Duration retention) {

  public StoreSettings {
    if (retention.isNegative()) {
      throw new IllegalArgumentException("retention must not be negative");
    }
    Engine.of(url);
    if (url.toLowerCase(Locale.ROOT).contains("password=")) {
      // Drivers and pools quote an address in their messages.
      throw new IllegalArgumentException("url must not have a password in it");
    }
  }

  /// Whether it is a file of its own, and no server.
  public boolean isFile() {
    return Engine.file(url).isPresent();
  }

  @Override
  public String toString() {
    return "StoreSettings[" + url + "]";
  }
}
