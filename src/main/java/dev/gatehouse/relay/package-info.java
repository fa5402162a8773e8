/// One routed request, from browser to upstream and back.
///
/// May know every room of the gate below it. `RelayServlet` tells the story in one method; the
/// order of its steps is the order of checks that users can rely on. `Stay` is how a stream goes on
/// that may be silent for long: without a thread.
@NullMarked
package dev.gatehouse.relay;

import org.jspecify.annotations.NullMarked;
