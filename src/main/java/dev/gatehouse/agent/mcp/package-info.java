/// Tools of MCP servers, called with the token of the person who asks.
///
/// [McpToolboxes] opens a toolbox for each turn: one [ToolSession] for each server, with the token
/// in its `Authorization` header and nowhere else. The MCP library's own log is switched off,
/// because it quotes what servers send. Knows the room `chat` only.
@NullMarked
package dev.gatehouse.agent.mcp;

import org.jspecify.annotations.NullMarked;
