/// The `check` command: probes of everything a configuration names, each failure with its cure.
///
/// May know `config`, `auth` and `upstream`.
@NullMarked
package dev.gatehouse.check;

import org.jspecify.annotations.NullMarked;
