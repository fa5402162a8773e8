package dev.gatehouse.config;

/// A value that never prints.
public record Secret(String reveal) {

  @Override
  public String toString() {
    return "[secret]";
  }
}
