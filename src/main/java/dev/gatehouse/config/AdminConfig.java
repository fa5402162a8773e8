package dev.gatehouse.config;

/// The listener for health and metrics; never the public one.
public record AdminConfig(ListenAddress listen) {}
