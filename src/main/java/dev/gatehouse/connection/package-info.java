/// What the servlet API does not tell of a connection: that its other end left, and how to break an
/// answer off so that it looks broken. Knows no other room.
@NullMarked
package dev.gatehouse.connection;

import org.jspecify.annotations.NullMarked;
