/// The reference agent server: a ChatKit backend that verifies the bearer token itself.
///
/// Knows nothing of the gate and is reachable through its HTTP port only.
@NullMarked
package dev.gatehouse.agent;

import org.jspecify.annotations.NullMarked;
