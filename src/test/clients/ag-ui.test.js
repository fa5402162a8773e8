import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpAgent } from "@ag-ui/client";
import { EventType } from "@ag-ui/core";
import { EventEncoder } from "@ag-ui/encoder";
import { bodyOf, openGate, PAGE, serve, USER } from "./gate.js";
import * as routes from "./routes.js";
import { agUi } from "./webapp/gatehouse.js";

/** An agent that answers with the text it got, and goes on forever when asked to. */
async function open(context) {
  const seen = [];
  const upstream = await serve(context, async (request, response) => {
    const input = await bodyOf(request);
    const encoder = new EventEncoder({ accept: request.headers.accept });
    const left = new Promise((resolve) => response.on("close", resolve));
    seen.push({ headers: request.headers, input, left });
    response.setHeader("Content-Type", encoder.getContentType());
    const send = (event) => response.write(encoder.encodeBinary(event));
    const { threadId, runId } = input;
    send({ type: EventType.RUN_STARTED, threadId, runId });
    send({ type: EventType.TEXT_MESSAGE_START, messageId: "m1", role: "assistant" });
    const text = input.messages.at(-1).content;
    for (const delta of ["You ", "said: ", text]) {
      send({ type: EventType.TEXT_MESSAGE_CONTENT, messageId: "m1", delta });
    }
    if (text === "forever") return;
    send({ type: EventType.TEXT_MESSAGE_END, messageId: "m1" });
    send({ type: EventType.RUN_FINISHED, threadId, runId });
    response.end();
  });
  const gate = await openGate(context, [routes.agUi(upstream)]);
  const agent = new HttpAgent(agUi(`${gate.uri}/api/ag-ui`));
  agent.addMessage({ id: "q1", role: "user", content: "hello 🦊" });
  return { agent, gate, seen };
}

test("AG-UI's HttpAgent runs to its end", async (context) => {
  const { agent, gate, seen } = await open(context);
  const { newMessages } = await agent.runAgent();
  assert.deepEqual(newMessages.map((it) => it.content), ["You said: hello 🦊"]);
  assert.equal(seen[0].headers.authorization, `Bearer ${gate.token}`);
  assert.equal(seen[0].headers["x-user-id"], "u-1");
  assert.equal(seen[0].headers.cookie, undefined);
  assert.deepEqual(seen[0].input.context.map((it) => JSON.parse(it.value)), [PAGE]);
  assert.deepEqual(seen[0].input.forwardedProps.gatehouse, { userId: USER.id, userInfo: USER });
});

test("AG-UI's HttpAgent reads the binary form of events", async (context) => {
  const { agent, seen } = await open(context);
  const plain = agent.requestInit.bind(agent);
  agent.requestInit = (input) => {
    const init = plain(input);
    return { ...init, headers: { ...init.headers, Accept: "application/vnd.ag-ui.event+proto" } };
  };
  const { newMessages } = await agent.runAgent();
  assert.equal(seen[0].headers.accept, "application/vnd.ag-ui.event+proto");
  assert.deepEqual(newMessages.map((it) => it.content), ["You said: hello 🦊"]);
});

test("AG-UI's HttpAgent that gives up is seen to leave", async (context) => {
  const { agent, seen } = await open(context);
  agent.addMessage({ id: "q2", role: "user", content: "forever" });
  const running = agent.runAgent({}, { onTextMessageContentEvent: () => agent.abortRun() });
  await running.catch(() => {});
  await seen[0].left;
});
