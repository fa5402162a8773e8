/// What the gate itself serves to pages: who is signed in, the browser module, and the static files
/// of the webapp.
///
/// May know `auth`, `config` and `http`.
@NullMarked
package dev.gatehouse.page;

import org.jspecify.annotations.NullMarked;
