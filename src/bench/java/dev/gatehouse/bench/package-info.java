/// The benchmark: one load, one upstream, and between them Gatehouse, nothing, or another proxy.
///
/// Generator and upstream are one process with two threads, each an event loop of its own, so that
/// both ends of a stream read the same clock, and what lies between is processes whose cost the
/// system counts. Everything is checked while it is measured: each answer's status, each stream's
/// length and checksum, and, behind Gatehouse, the token and the user in every request.
@NullMarked
package dev.gatehouse.bench;

import org.jspecify.annotations.NullMarked;
