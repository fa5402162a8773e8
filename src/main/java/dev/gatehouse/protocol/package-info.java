/// What differs between the chat protocols, and nothing else.
///
/// May know `config` only. A protocol is a description, not a handler: which headers cross, where
/// the context goes, which operations stream, how an error frame looks. A new protocol is a class
/// and a line in `Protocols`.
@NullMarked
package dev.gatehouse.protocol;

import org.jspecify.annotations.NullMarked;
