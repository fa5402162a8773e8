package dev.gatehouse.agent.files;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where the content of attachments is kept.
///
/// @param directory made if it is not there
/// @param mostBytes of one file
/// @param publicUrl where clients reach this agent, without a slash at the end; its own address if
///   empty
public record FileSettings(Path directory, long mostBytes, Optional<URI> publicUrl) {}
