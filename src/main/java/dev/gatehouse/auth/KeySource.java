package dev.gatehouse.auth;

import java.time.Duration;

/// Where an issuer's signing keys come from. Not asked by more than one thread at a time.
interface KeySource extends AutoCloseable {

  /// The keys as they are now.
  KeySet fetch() throws IssuerException;

  /// How long to wait at most before asking again.
  Duration patience();

  @Override
  void close();
}
