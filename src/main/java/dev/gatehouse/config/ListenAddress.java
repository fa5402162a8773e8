package dev.gatehouse.config;

/// Where a listener binds; port 0 picks a free one.
public record ListenAddress(String host, int port) {}
