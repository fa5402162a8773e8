/// From an anonymous request to a [Caller]: cross-site guard, cookie, token, signing keys.
///
/// May know `config` and `http`. The only home of Nimbus in the gate. To hold a [Caller] is to know
/// that a token was judged as `auth.mode` wants: by its signature, by its issuer, or, in mode
/// `passthrough` alone, not here. There is no other way to make one.
///
/// One decision worth knowing: nothing in a token says how it is judged, but for the exact `iss`
/// that picks one of several configured issuers, before any key is looked at.
@NullMarked
package dev.gatehouse.auth;

import org.jspecify.annotations.NullMarked;
