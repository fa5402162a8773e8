package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;

/// Callers for tests of rooms that need one and must not be able to make one.
public final class TestCaller {

  private TestCaller() {}

  public static Caller of(String subject, Map<String, String> userMembers) {
    return new Caller(
        subject,
        "header.claims.signature",
        Instant.parse("2030-01-01T00:00:00Z"),
        new User(userMembers),
        Map.of("sub", subject));
  }
}
