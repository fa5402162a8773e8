/// What the servlet API does not tell of a connection: that its other end left, how to break an
/// answer off so that it looks broken, the buffer that a request is read into, and a short way out
/// for the chunks of a stream. Knows no other room.
@NullMarked
package dev.gatehouse.connection;

import org.jspecify.annotations.NullMarked;
