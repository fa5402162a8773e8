/// The settings, as a tree of records shaped like the YAML file.
///
/// May know nothing else of Gatehouse. The only home of the YAML library. A record that exists is
/// valid: compact constructors refuse what cannot work, and the reader turns each refusal into
/// file, line, key and cure. Environment references are substituted in parsed scalars, never in raw
/// YAML, so a value can not grow into structure.
@NullMarked
package dev.gatehouse.config;

import org.jspecify.annotations.NullMarked;
