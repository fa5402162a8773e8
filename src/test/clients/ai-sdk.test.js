import assert from "node:assert/strict";
import { test } from "node:test";
import { convertToModelMessages, DefaultChatTransport, readUIMessageStream, simulateReadableStream, streamText } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { bodyOf, openGate, PAGE, serve, USER } from "./gate.js";
import * as routes from "./routes.js";
import { aiSdk } from "./webapp/gatehouse.js";

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 3, text: 3, reasoning: 0 },
};

function model(deltas, delay) {
  const chunks = [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "t1" },
    ...deltas.map((delta) => ({ type: "text-delta", id: "t1", delta })),
    { type: "text-end", id: "t1" },
    { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage: USAGE },
  ];
  return new MockLanguageModelV3({
    doStream: async () => ({ stream: simulateReadableStream({ chunks, chunkDelayInMs: delay }) }),
  });
}

/** A server of the AI SDK as its manual has it, with a model that costs nothing. */
async function open(context, { deltas = ["Hello", " from", " a mock 🦊"], delay = 5 } = {}) {
  const seen = [];
  const upstream = await serve(context, async (request, response) => {
    const left = new Promise((resolve) => response.on("close", resolve));
    if (request.method === "GET") {
      seen.push({ url: request.url });
      response.writeHead(204).end();
      return;
    }
    const body = await bodyOf(request);
    seen.push({ headers: request.headers, body, left });
    const messages = await convertToModelMessages(body.messages);
    streamText({ model: model(deltas, delay), messages }).pipeUIMessageStreamToResponse(response);
  });
  const gate = await openGate(context, [routes.aiSdk(upstream)]);
  return { seen, transport: new DefaultChatTransport(aiSdk(`${gate.uri}/api/chat`)) };
}

const QUESTION = {
  trigger: "submit-message",
  chatId: "c1",
  messages: [{ id: "m1", role: "user", parts: [{ type: "text", text: "hi" }] }],
};

test("the AI SDK's transport streams a message to its end", async (context) => {
  const { seen, transport } = await open(context);
  const stream = await transport.sendMessages(QUESTION);
  let message;
  for await (const state of readUIMessageStream({ stream })) message = state;
  const text = message.parts.find((part) => part.type === "text");
  assert.equal(text.text, "Hello from a mock 🦊");
  assert.equal(text.state, "done");
  assert.deepEqual(seen[0].body.pageContext, PAGE);
  assert.deepEqual(seen[0].body.userInfo, USER);
  assert.equal(seen[0].body.userId, "u-1");
});

test("the AI SDK's transport finds nothing to resume", async (context) => {
  const { seen, transport } = await open(context);
  assert.equal(await transport.reconnectToStream({ chatId: "c1" }), null);
  assert.equal(seen[0].url, "/chat/c1/stream");
});

test("the AI SDK's transport that is stopped is seen to leave", async (context) => {
  const { seen, transport } = await open(context, { deltas: Array(1000).fill("word "), delay: 20 });
  const control = new AbortController();
  const stream = await transport.sendMessages({ ...QUESTION, abortSignal: control.signal });
  const reader = stream.getReader();
  await reader.read();
  control.abort();
  await seen[0].left;
});
