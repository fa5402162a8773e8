package dev.gatehouse;

import org.eclipse.jetty.ee10.servlet.ServletHolder;

/// A servlet that the embedding program adds to the public listener, outside all routes.
///
/// @param path a servlet path, such as `/demo/*`
public record Mount(String path, ServletHolder servlet) {}
