package dev.gatehouse.config;

/// A header name, or all that start alike when it ends in `*`; case-insensitive.
public record HeaderPattern(String text) {}
