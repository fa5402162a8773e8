package dev.gatehouse.config;

/// The cookie that carries the token.
public record CookieConfig(String name) {}
