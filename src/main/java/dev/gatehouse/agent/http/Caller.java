package dev.gatehouse.agent.http;

import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Person;

/// Who sent a request, and the token that proved it.
public record Caller(Person person, BearerToken token) {}
