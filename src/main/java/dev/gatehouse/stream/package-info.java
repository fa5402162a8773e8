/// Bytes as they arrive: the pipe from upstream to browser, how it ended, its clocks, and the watch
/// for a browser that leaves.
///
/// May know `config`, `http` and `connection`. Cancelling is closing: whoever decides that a stream
/// is over records the ending first and then cancels the call.
@NullMarked
package dev.gatehouse.stream;

import org.jspecify.annotations.NullMarked;
