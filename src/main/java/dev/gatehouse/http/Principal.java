package dev.gatehouse.http;

/// What tells users apart: a subject is unique only at its issuer. Never prints.
///
/// @param issuer the `iss` claim; empty where nobody said
public record Principal(String issuer, String subject) {

  @Override
  public String toString() {
    return "Principal";
  }
}
