package dev.gatehouse.agent.chat;

/// A person's access token on its way to a tool. Does not print itself.
///
/// @param value to be put into an `Authorization` header and nowhere else
public record BearerToken(String value) {

  @Override
  public String toString() {
    return "BearerToken[…]";
  }
}
