/// Calls to agent servers, and the header rules in both directions.
///
/// May know `config`, `http`, `protocol`, `auth` and `stream`, for its clocks. The only home of
/// OkHttp in the gate. Headers are built from empty, and a request leaves at most once. A few
/// threads, `EventLoop`, wait for all connections.
@NullMarked
package dev.gatehouse.upstream;

import org.jspecify.annotations.NullMarked;
