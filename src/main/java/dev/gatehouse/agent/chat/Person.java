package dev.gatehouse.agent.chat;

import java.util.Optional;

/// Who is talking, as a verified token says.
///
/// @param subject the `sub` claim; owns threads
/// @param name the `name` claim
public record Person(String subject, Optional<String> name) {}
