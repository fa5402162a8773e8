/// From an anonymous request to a [Caller]: cross-site guard, cookie, token, signing keys.
///
/// May know `config` and `http`. The only home of Nimbus in the gate. To hold a [Caller] is to know
/// that a token was verified; there is no other way to make one.
@NullMarked
package dev.gatehouse.auth;

import org.jspecify.annotations.NullMarked;
