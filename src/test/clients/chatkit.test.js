import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, openGate, PAGE, serve, USER } from "./gate.js";
import * as routes from "./routes.js";
import { agUi, chatkit, events } from "./webapp/gatehouse.js";

const thread_id = "thr_1";
const item_id = "msg_1";
const input = {
  content: [{ type: "input_text", text: "Hi there 🦊" }],
  quoted_text: "",
  attachments: [],
  inference_options: {},
};

/** All operations as ChatKit sends them, and which of them it reads as streams. */
const STREAMING = {
  "threads.create": { input },
  "threads.add_user_message": { thread_id, input },
  "threads.add_client_tool_output": { thread_id, result: { ok: true } },
  "threads.add_structured_input": { thread_id, item_id, input: { status: "done", answers: [] } },
  "threads.retry_after_item": { thread_id, item_id },
  "threads.custom_action": { thread_id, action: { type: "open", payload: {} } },
};
const PLAIN = {
  "threads.sync_custom_action": { thread_id, action: { type: "open", payload: {} } },
  "threads.get_by_id": { thread_id },
  "threads.list": { limit: 10, order: "desc" },
  "threads.update": { thread_id, title: "New" },
  "threads.delete": { thread_id },
  "items.list": { thread_id, limit: 10 },
  "items.feedback": { thread_id, item_ids: [item_id], kind: "positive" },
  "attachments.create": { name: "a.txt", size: 1, mime_type: "text/plain" },
  "attachments.delete": { attachment_id: "atc_1" },
  "input.transcribe": { audio_base64: "AAAA", mime_type: "audio/webm" },
};

async function open(context) {
  const seen = [];
  const upstream = await serve(context, async (request, response) => {
    const body = await bodyOf(request);
    seen.push(body);
    const streams = body.type in STREAMING;
    response.setHeader("Content-Type", streams ? "text/event-stream" : "application/json");
    response.end(streams ? 'data: {"type":"thread.created"}\n\n' : "{}");
  });
  const gate = await openGate(context, [routes.chatkit(upstream)]);
  const { api } = chatkit({ url: `${gate.uri}/api/chatkit`, domainKey: "key" });
  const send = (body, accept) =>
    api.fetch(api.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept },
      body: JSON.stringify(body),
    });
  return { seen, send };
}

test("page and user arrive with all 16 operations of ChatKit", async (context) => {
  const { seen, send } = await open(context);
  for (const [type, params] of Object.entries(STREAMING)) {
    const response = await send({ type, params }, "text/event-stream");
    const read = [];
    for await (const { data } of events(response)) read.push(JSON.parse(data).type);
    assert.deepEqual(read, ["thread.created"], type);
  }
  for (const [type, params] of Object.entries(PLAIN)) {
    assert.deepEqual(await (await send({ type, params }, "application/json")).json(), {}, type);
  }
  assert.equal(seen.length, 16);
  const all = { ...STREAMING, ...PLAIN };
  for (const { type, params, metadata } of seen) {
    assert.deepEqual(params, all[type], type);
    assert.deepEqual(metadata, { userId: USER.id, userInfo: USER, pageContext: PAGE }, type);
  }
});

test("nothing that a page says makes it another user", async (context) => {
  const { seen, send } = await open(context);
  const metadata = { userId: "mallory", userInfo: { id: "mallory" }, pageContext: { userId: "mallory" } };
  await send({ type: "threads.list", params: {}, metadata }, "application/json");
  assert.deepEqual(seen[0].metadata, { userId: USER.id, userInfo: USER, pageContext: PAGE });
});

test("two protocols stream at the same time through one gate", async (context) => {
  const paths = [];
  let bothAreThere;
  const both = new Promise((resolve) => (bothAreThere = resolve));
  const upstream = await serve(context, async (request, response) => {
    await bodyOf(request);
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: 1\n\n");
    if (paths.push(request.url) === 2) bothAreThere();
    await both;
    response.end(`data: ${request.url}\n\n`);
  });
  const gate = await openGate(context, [routes.chatkit(upstream), routes.agUi(upstream)]);
  const clients = [
    [chatkit({ url: `${gate.uri}/api/chatkit`, domainKey: "key" }).api, { type: "threads.create", params: { input } }],
    [agUi(`${gate.uri}/api/ag-ui`), { messages: [], context: [], forwardedProps: {} }],
  ];
  const answers = clients.map(async ([{ url, fetch }, body]) => {
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    const read = [];
    for await (const { data } of events(response)) read.push(data);
    return read;
  });
  assert.deepEqual(await Promise.all(answers), [
    ["1", "/chatkit"],
    ["1", "/agent"],
  ]);
});
