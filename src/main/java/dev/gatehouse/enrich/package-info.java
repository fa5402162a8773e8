/// Page context, and the splice that writes it and the verified user into a JSON body without
/// moving a byte outside the touched object.
///
/// May know `config`, `http`, `protocol` and `auth`. The home of streaming JSON: a body is scanned
/// once to find offsets and is never turned into a tree.
@NullMarked
package dev.gatehouse.enrich;

import org.jspecify.annotations.NullMarked;
