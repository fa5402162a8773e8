/// What is packed for operators, taken as they take it: unpacked, started by its script, behind the
/// proxies it is deployed with. `Rehearsal` is no test: the build runs it to make the AOT cache.
@NullMarked
package dev.gatehouse.dist;

import org.jspecify.annotations.NullMarked;
