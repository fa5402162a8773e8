package dev.gatehouse.config;

/// A web origin (RFC 6454): scheme, lower-case host and effective port.
public record Origin(String scheme, String host, int port) {}
