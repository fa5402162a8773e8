/// The commands and the composition root: the list of filters, the routes, the listeners.
///
/// The only room that sees the whole configuration; every other room gets its own record of it.
/// Read `Gatehouse` first, then `relay`.
@NullMarked
package dev.gatehouse;

import org.jspecify.annotations.NullMarked;
