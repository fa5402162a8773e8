// An MCP server of the official SDK that demands a bearer token: the first line on standard input. It prints its port.
// /mcp wants the token, /admin also a scope that nobody has; /seen tells what was sent to it.
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express from "express";
import { z } from "zod";

const input = createInterface({ input: process.stdin });
const token = await new Promise((resolve) => input.once("line", resolve));
input.on("close", () => process.exit()); // whoever started it is gone

const verifier = {
  async verifyAccessToken(given) {
    if (given !== token) throw new InvalidTokenError("not the token");
    return { token: given, clientId: "ada", scopes: [], expiresAt: Date.now() / 1000 + 60 };
  },
};

function newServer() {
  const server = new McpServer({ name: "bearer", version: "1.0.0" });
  const config = { title: "Greet", description: "Greets", inputSchema: { word: z.string() } };
  server.registerTool("greet", config, async ({ word }, { authInfo }) => ({
    content: [{ type: "text", text: `${word}, ${authInfo.clientId}` }],
  }));
  server.registerTool("fail", { description: "Fails" }, async () => {
    throw new Error("out of stock");
  });
  return server;
}

const seen = [];
const sessions = new Map();
const app = express();
app.use(express.json());
app.get("/seen", (_, response) => response.json(seen));
app.use((request, _, next) => {
  const { authorization, ...headers } = request.headers;
  seen.push({ authorization, rest: [request.method, request.url, headers, request.body ?? null] });
  next();
});
app.all("/admin", requireBearerAuth({ verifier, requiredScopes: ["admin"] }));
app.all("/mcp", requireBearerAuth({ verifier }), async (request, response) => {
  let transport = sessions.get(request.headers["mcp-session-id"]);
  if (!transport) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => sessions.set(id, transport),
      onsessionclosed: (id) => sessions.delete(id),
    });
    await newServer().connect(transport);
  }
  await transport.handleRequest(request, response, request.body);
});
const listener = app.listen(0, "127.0.0.1", () => console.log(listener.address().port));
