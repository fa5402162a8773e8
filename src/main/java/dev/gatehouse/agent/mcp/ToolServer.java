package dev.gatehouse.agent.mcp;

import java.net.URI;
import java.time.Duration;

/// An MCP server whose tools may be called.
///
/// @param name short, in front of the names of its tools
/// @param url its Streamable HTTP endpoint
/// @param token which token it gets
/// @param timeout how long one of its answers may take
public record ToolServer(String name, URI url, TokenUse token, Duration timeout) {}
