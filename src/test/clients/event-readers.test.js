import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchEventSource } from "@microsoft/fetch-event-source";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { bodyOf, openGate, PAGE, serve } from "./gate.js";
import * as routes from "./routes.js";
import { events, fetch } from "./webapp/gatehouse.js";

const STREAM =
  ": a comment\n\nid: 1\ndata: one\n\nevent: second\r\ndata: two\r\ndata:  lines 🦊\r\n\r\n" +
  "retry: 500\n\nid: 3\rdata\r\rdata:three\n\ndata: never dispatched";

/** An agent that sends the same events byte by byte. */
async function open(context) {
  const seen = [];
  const upstream = await serve(context, async (request, response) => {
    const left = new Promise((resolve) => response.on("close", resolve));
    seen.push({ body: await bodyOf(request), headers: request.headers, left });
    response.setHeader("Content-Type", "text/event-stream");
    for (const byte of Buffer.from(STREAM)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    if (!seen.at(-1).body?.forever) response.end();
  });
  const gate = await openGate(context, [routes.json(upstream)]);
  return { url: `${gate.uri}/api/events`, seen };
}

function post(body, more) {
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  return { method: "POST", headers, body: JSON.stringify(body), ...more };
}

/** What to do with an event whose data is empty is where the readers differ. */
const hasData = ({ data }) => data !== "";

test("the module's events are those of eventsource-parser", async (context) => {
  const { url, seen } = await open(context);
  const ours = [];
  for await (const { event, data, id } of events(await fetch(url, post({ context: {} })))) {
    ours.push({ event, data, id });
  }
  assert.deepEqual(ours, [
    { event: "message", data: "one", id: "1" },
    { event: "second", data: "two\n lines 🦊", id: "1" },
    { event: "message", data: "", id: "3" },
    { event: "message", data: "three", id: "3" },
  ]);
  const response = await fetch(url, post({}));
  const theirs = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const read = [];
  // It tells which id an event has itself, not the last one of the stream.
  for await (const { event = "message", data } of theirs) read.push({ event, data });
  const ofOurs = ours.map(({ event, data }) => ({ event, data }));
  assert.deepEqual(read.filter(hasData), ofOurs.filter(hasData));
  assert.deepEqual(seen[0].body.context.pageContext, PAGE);
});

/** As much of a document as a library asks for that is made for browsers. */
const PAGE_WITHOUT_TEXT = {
  title: "Bare",
  hidden: false,
  addEventListener() {},
  removeEventListener() {},
  querySelector: () => null,
  querySelectorAll: () => [],
  get baseURI() {
    return location.href;
  },
};

test("fetch-event-source reads what the agent sends, and its leaving is seen", async (context) => {
  const { url, seen } = await open(context);
  globalThis.window = globalThis;
  globalThis.document = PAGE_WITHOUT_TEXT;
  context.after(() => {
    delete globalThis.window;
    delete globalThis.document;
  });
  const control = new AbortController();
  const read = [];
  await fetchEventSource(url, {
    ...post({ forever: true, context: {} }, { signal: control.signal }),
    fetch,
    openWhenHidden: true,
    onmessage: ({ event, data }) => {
      if (hasData({ data })) read.push({ event, data });
      if (data === "three") control.abort();
    },
    onerror: (error) => {
      throw error;
    },
  });
  assert.deepEqual(read, [
    { event: "", data: "one" },
    { event: "second", data: "two\n lines 🦊" },
    { event: "", data: "three" },
  ]);
  await seen[0].left;
  assert.equal(seen[0].body.context.pageContext.title, "Bare");
});
