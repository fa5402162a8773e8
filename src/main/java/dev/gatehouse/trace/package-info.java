/// OpenTelemetry traces: a span for every exchange on a route, and below it one for the call to the
/// agent.
///
/// May know `config` and `http`. The only home of OpenTelemetry, none of which is touched unless
/// traces are configured. A span holds configured names, words and numbers of ours, and nothing
/// from the wire but the ids of a valid `traceparent`.
@NullMarked
package dev.gatehouse.trace;

import org.jspecify.annotations.NullMarked;
