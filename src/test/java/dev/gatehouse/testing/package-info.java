/// What the tests of several rooms share: a running gate, a browser, an upstream that does as it is
/// told, and raw sockets for what no well-behaved client would send.
@NullMarked
package dev.gatehouse.testing;

import org.jspecify.annotations.NullMarked;
