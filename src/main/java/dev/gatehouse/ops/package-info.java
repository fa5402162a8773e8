/// Operation: liveness, readiness, drain and the admin listener.
///
/// May know `config` and `http`. Readiness fails before anything else changes, so that a load
/// balancer looks away first.
@NullMarked
package dev.gatehouse.ops;

import org.jspecify.annotations.NullMarked;
