package dev.gatehouse.http;

import org.jspecify.annotations.Nullable;

/// What tells users apart: a subject is unique only at its issuer. Never prints.
///
/// @param issuer the `iss` claim; empty where nobody said
public record Principal(String issuer, String subject) {

  // These two by hand: what Java makes of a record's components it links anew at each start, and
  // the first request waits for it.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Principal user
        && subject.equals(user.subject)
        && issuer.equals(user.issuer);
  }

  @Override
  public int hashCode() {
    return 31 * issuer.hashCode() + subject.hashCode();
  }

  @Override
  public String toString() {
    return "Principal";
  }
}
