package dev.gatehouse.config;

import java.util.Optional;

/// What is written down of every decision.
///
/// @param key of the hashes that stand for users and addresses; a random one where there is none
public record AuditConfig(boolean enabled, Optional<Secret> key, Addresses addresses) {
  private static final int SHORTEST = 16;

  /// What holds where the file is silent.
  public static final AuditConfig DEFAULTS =
      new AuditConfig(true, Optional.empty(), Addresses.HASHED);

  /// How client addresses are written.
  public enum Addresses {
    HASHED,
    PLAIN
  }

  public AuditConfig {
    boolean longEnough = key.filter(secret -> secret.reveal().length() < SHORTEST).isEmpty();
    new Requirements()
        .that(longEnough, "key", "must have at least " + SHORTEST + " characters")
        .hold();
  }
}
