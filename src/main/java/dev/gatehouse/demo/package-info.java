/// What the `demo` command embeds: an identity provider with keys made at start, the reference
/// agent and the wiring of both to a gate on loopback.
///
/// May know everything but the commands. Nothing here is for production, and it binds to loopback
/// only.
@NullMarked
package dev.gatehouse.demo;

import org.jspecify.annotations.NullMarked;
