import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { bodyOf, openGate, PAGE, serve } from "./gate.js";
import * as routes from "./routes.js";
import { mcp } from "./webapp/gatehouse.js";

/** The events of each stream, so that a client can come back to one. */
class Events {
  #events = [];

  async storeEvent(streamId, message) {
    const eventId = `${streamId}_${this.#events.length}`;
    this.#events.push({ streamId, eventId, message });
    return eventId;
  }

  async replayEventsAfter(lastEventId, { send }) {
    const last = this.#events.findIndex((event) => event.eventId === lastEventId);
    const { streamId } = this.#events[last];
    for (const event of this.#events.slice(last + 1)) {
      if (event.streamId === streamId) await send(event.eventId, event.message);
    }
    return streamId;
  }
}

/** Notices each long GET that was answered; what a server says before that nobody hears. */
class Listening {
  #answered = 0;
  #waiting = [];

  watching({ fetch }) {
    return {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method === "GET" && response.ok) {
          this.#answered++;
          this.#waiting.forEach(({ times, resolve }) => times <= this.#answered && resolve());
        }
        return response;
      },
    };
  }

  times(times) {
    if (this.#answered >= times) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ times, resolve }));
  }
}

function newServer() {
  const server = new McpServer({ name: "tools", version: "1.0.0" });
  const config = { description: "Counts", inputSchema: { to: z.number() } };
  server.registerTool("count", config, async ({ to }, { _meta, sendNotification }) => {
    for (let progress = 1; progress <= to; progress++) {
      const params = { progressToken: _meta.progressToken, progress, total: to };
      await sendNotification({ method: "notifications/progress", params });
    }
    const page = _meta["dev.gatehouse/pageContext"];
    return { content: [{ type: "text", text: `counted to ${to} on ${page.title}` }] };
  });
  return server;
}

async function open(context) {
  const requests = [];
  const sessions = new Map();
  const upstream = await serve(context, async (request, response) => {
    requests.push(request);
    const body = request.method === "POST" ? await bodyOf(request) : undefined;
    let session = sessions.get(request.headers["mcp-session-id"]);
    if (!session) {
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        eventStore: new Events(),
        onsessioninitialized: (id) => sessions.set(id, session),
        onsessionclosed: (id) => sessions.delete(id),
      });
      session = { transport, server: newServer() };
      await session.server.connect(transport);
    }
    await session.transport.handleRequest(request, response, body);
  });
  const gate = await openGate(context, [routes.mcp(upstream)]);
  const listening = new Listening();
  const transport = new StreamableHTTPClientTransport(
    new URL(`${gate.uri}/api/mcp`),
    listening.watching(mcp()),
  );
  const client = new Client({ name: "page", version: "1.0.0" });
  await client.connect(transport);
  context.after(() => client.close());
  return { client, gate, listening, requests, sessions, transport };
}

test("MCP's client calls a tool and hears of its progress", async (context) => {
  const { client, gate, requests } = await open(context);
  assert.deepEqual((await client.listTools()).tools.map((tool) => tool.name), ["count"]);
  const progress = [];
  const result = await client.callTool({ name: "count", arguments: { to: 3 } }, undefined, {
    onprogress: (it) => progress.push(it.progress),
  });
  assert.equal(result.content[0].text, `counted to 3 on ${PAGE.title}`);
  assert.deepEqual(progress, [1, 2, 3]);
  for (const { headers } of requests) {
    assert.equal(headers.authorization, `Bearer ${gate.token}`);
    assert.equal(headers.cookie, undefined);
  }
});

test("MCP's client hears on its long GET what nobody asked for", async (context) => {
  const { client, listening, sessions } = await open(context);
  await listening.times(1);
  const heard = new Promise((resolve) => {
    client.setNotificationHandler(ToolListChangedNotificationSchema, resolve);
  });
  const [{ server }] = sessions.values();
  const config = { description: "Another", inputSchema: {} };
  server.registerTool("another", config, async () => ({ content: [] }));
  await heard;
  assert.equal((await client.listTools()).tools.length, 2);
});

test("MCP's client comes back to a stream that broke", async (context) => {
  const { client, listening, requests, sessions, transport } = await open(context);
  const heard = [];
  let tell;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => tell(heard.push("changed")));
  const [{ server }] = sessions.values();
  const change = async () => {
    const arrived = new Promise((resolve) => (tell = resolve));
    await server.sendToolListChanged();
    await arrived;
  };
  await listening.times(1);
  await change();
  requests.find((request) => request.method === "GET").socket.destroy();
  await listening.times(2);
  await change();
  assert.deepEqual(heard, ["changed", "changed"]);
  const back = requests.findLast((request) => request.method === "GET");
  assert.ok(back.headers["last-event-id"], "it came back without saying from where");
  assert.equal(back.headers["mcp-session-id"], transport.sessionId);
});

test("MCP's client ends its session", async (context) => {
  const { listening, requests, sessions, transport } = await open(context);
  await listening.times(1);
  assert.equal(sessions.size, 1);
  await transport.terminateSession();
  assert.equal(sessions.size, 0);
  assert.equal(requests.at(-1).method, "DELETE");
});
