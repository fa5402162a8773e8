package dev.gatehouse.auth;

import java.util.Map;

/// The members of `userInfo` that the token has a value for, in a stable order.
public record User(Map<String, String> members) {}
