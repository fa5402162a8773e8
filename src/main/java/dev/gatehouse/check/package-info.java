/// The `check` command: probes of everything a configuration names, each failure with its cure.
///
/// May know `config`, `auth`, `upstream` and, for certificates, `http`.
@NullMarked
package dev.gatehouse.check;

import org.jspecify.annotations.NullMarked;
