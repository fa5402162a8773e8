package dev.gatehouse.protocol;

import java.util.Optional;

/// What is known of a client that waits for an answer.
///
/// @param streams whether its operation is one that streams
/// @param takesEvents whether it says that it takes an event stream
/// @param takesJson whether it says that it takes JSON
/// @param call what its answer has to repeat, as JSON text, if the request has an operation too
public record Waiting(
    boolean streams, boolean takesEvents, boolean takesJson, Optional<String> call) {}
