import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Role, TaskState } from "@a2a-js/sdk";
import {
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from "@a2a-js/sdk/client";
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from "@a2a-js/sdk/server";
import { jsonRpcHandler, restHandler, UserBuilder } from "@a2a-js/sdk/server/express";
import express from "express";
import { openGate, PAGE, serve, USER } from "./gate.js";
import * as routes from "./routes.js";
import { fetch } from "./webapp/gatehouse.js";

const BINDINGS = { JSONRPC: JsonRpcTransportFactory, "HTTP+JSON": RestTransportFactory };

function card(url, protocolBinding) {
  return {
    name: "Echo",
    description: "Says what it hears",
    version: "1.0.0",
    supportedInterfaces: [{ url, protocolBinding, protocolVersion: "1.0", tenant: "" }],
    capabilities: { streaming: true, pushNotifications: false, extensions: [] },
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
    skills: [],
    securitySchemes: {},
    securityRequirements: [],
    signatures: [],
  };
}

const textPart = (value) => ({
  content: { $case: "text", value },
  metadata: undefined,
  filename: "",
  mediaType: "text/plain",
});

/** Echoes a text in an artifact, or works until it is cancelled. */
class Echo {
  #cancel = new Map();
  told = [];

  async execute({ taskId, contextId, userMessage, request }, bus) {
    this.told.push(request.metadata);
    const text = userMessage.parts[0].content.value;
    const status = (state) => ({ state, timestamp: new Date().toISOString(), message: undefined });
    const update = (state) =>
      bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(state), metadata: {} }));
    const history = [userMessage];
    const begun = { id: taskId, contextId, artifacts: [], history, metadata: {} };
    bus.publish(AgentEvent.task({ ...begun, status: status(TaskState.TASK_STATE_SUBMITTED) }));
    update(TaskState.TASK_STATE_WORKING);
    if (text === "forever") {
      await new Promise((resolve) => this.#cancel.set(taskId, resolve));
      update(TaskState.TASK_STATE_CANCELED);
      return;
    }
    const artifact = {
      artifactId: "a1",
      name: "Echo",
      description: "",
      parts: [textPart(text)],
      metadata: undefined,
      extensions: [],
    };
    const rest = { append: false, lastChunk: true, metadata: undefined };
    bus.publish(AgentEvent.artifactUpdate({ taskId, contextId, artifact, ...rest }));
    update(TaskState.TASK_STATE_COMPLETED);
  }

  cancelTask = async (taskId) => this.#cancel.get(taskId)();
}

async function open(context, binding) {
  const headers = [];
  const echo = new Echo();
  const handler = new DefaultRequestHandler(card("", binding), new InMemoryTaskStore(), echo);
  const options = { requestHandler: handler, userBuilder: UserBuilder.noAuthentication };
  const app = express();
  app.use((request, response, next) => {
    headers.push(request.headers);
    next();
  });
  app.get("/a2a/.well-known/agent-card.json", (request, response) => {
    response.json(card(`${upstream}/a2a/`, "JSONRPC"));
  });
  app.use("/a2a", jsonRpcHandler(options));
  app.use("/rest", restHandler(options));
  const upstream = await serve(context, app);
  const gate = await openGate(context, [routes.a2a(upstream), routes.a2aRest(upstream)]);
  const url = `${gate.uri}/api/${binding === "JSONRPC" ? "a2a/" : "a2a-rest"}`;
  const transports = [new BINDINGS[binding]({ fetchImpl: fetch })];
  // The module's fetch stands for the Sec-Fetch-Site that a browser sends by itself.
  const cardResolver = new DefaultAgentCardResolver({ fetchImpl: fetch });
  const factory = new ClientFactory({ transports, cardResolver });
  const client = await factory.createFromAgentCard(card(url, binding));
  return { client, factory, gate, headers, told: echo.told };
}

const message = (text) => ({
  tenant: "",
  configuration: undefined,
  metadata: {},
  message: {
    messageId: randomUUID(),
    contextId: "",
    taskId: "",
    role: Role.ROLE_USER,
    parts: [textPart(text)],
    metadata: {},
    extensions: [],
    referenceTaskIds: [],
  },
});

for (const binding of Object.keys(BINDINGS)) {
  test(`A2A's client reads a stream to its end over ${binding}`, async (context) => {
    const { client, gate, headers, told } = await open(context, binding);
    const read = [];
    for await (const { payload } of client.sendMessageStream(message("hello 🦊"))) {
      const { $case, value } = payload;
      read.push($case === "artifactUpdate" ? value.artifact.parts[0].content.value : value.status.state);
    }
    const { TASK_STATE_SUBMITTED, TASK_STATE_WORKING, TASK_STATE_COMPLETED } = TaskState;
    assert.deepEqual(read, [TASK_STATE_SUBMITTED, TASK_STATE_WORKING, "hello 🦊", TASK_STATE_COMPLETED]);
    assert.equal(headers[0].authorization, `Bearer ${gate.token}`);
    assert.equal(headers[0]["a2a-version"], "1.0");
    assert.deepEqual(told, [{ userId: USER.id, userInfo: USER, pageContext: PAGE }]);
  });

  test(`A2A's client comes back to a task and cancels it over ${binding}`, async (context) => {
    const { client } = await open(context, binding);
    const first = client.sendMessageStream(message("forever"));
    const begun = (await first.next()).value.payload.value;
    await first.return();
    const states = [];
    const again = client.resubscribeTask({ tenant: "", id: begun.id });
    states.push((await again.next()).value.payload.value.status.state);
    await client.cancelTask({ tenant: "", id: begun.id, metadata: {} });
    for await (const { payload } of again) states.push(payload.value.status.state);
    assert.equal(states.at(-1), TaskState.TASK_STATE_CANCELED);
    const task = await client.getTask({ tenant: "", id: begun.id });
    assert.equal(task.status.state, TaskState.TASK_STATE_CANCELED);
  });
}

test("A2A's client finds the agent by its card", async (context) => {
  const { factory, told } = await open(context, "JSONRPC");
  const client = await factory.createFromUrl(new URL("/api/a2a/", location.href).href);
  for await (const { payload } of client.sendMessageStream(message("hello"))) assert.ok(payload);
  assert.equal(told[0].userId, USER.id);
});
