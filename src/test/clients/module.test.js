import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { transform } from "esbuild";
import * as client from "@gatehouse/client";
import { useChatKitOptions, useGatehouseUser } from "@gatehouse/client/react";

const run = promisify(execFile);

test("the module does nothing on a server, and breaks nothing", async (context) => {
  const asked = [];
  const plainFetch = globalThis.fetch;
  globalThis.fetch = async (...all) => asked.push(all);
  context.after(() => (globalThis.fetch = plainFetch));
  assert.equal(client.pageContext(), undefined);
  client.registerContext(() => ({ more: true }))();
  assert.equal(await client.ready("some-element"), "error");
  assert.equal(await client.loadChatKit(), "error");
  const init = { method: "POST" };
  await client.fetch("https://app.example.com/api", init);
  assert.deepEqual(asked, [["https://app.example.com/api", init]]);
});

test("hooks render on a server as loading", () => {
  function Both() {
    return `${useGatehouseUser().status} ${useChatKitOptions().status}`;
  }
  assert.equal(renderToString(createElement(Both)), "loading loading");
});

test("the module is smaller than 10 kB, hooks included", async () => {
  const sizes = {};
  for (const file of ["gatehouse.js", "gatehouse-react.js"]) {
    const source = await readFile(`webapp/${file}`, "utf8");
    const { code } = await transform(source, { minify: true, format: "esm" });
    sizes[file] = Buffer.byteLength(code);
  }
  console.log(JSON.stringify(sizes));
  assert.ok(sizes["gatehouse.js"] + sizes["gatehouse-react.js"] < 10_000, JSON.stringify(sizes));
});

/** What each library wants, by its own types. */
const USE = `
import { config, aiSdk, agUi, chatkit, events, fetch, loadChatKit, mcp, registerContext, user, type Session } from "@gatehouse/client";
import { useChatKitOptions, useGatehouseUser } from "@gatehouse/client/react";
import { DefaultChatTransport } from "ai";
import { HttpAgent } from "@ag-ui/client";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { JsonRpcTransportFactory } from "@a2a-js/sdk/client";

new DefaultChatTransport(aiSdk());
new HttpAgent(agUi("/api/agent"));
new StreamableHTTPClientTransport(new URL("/api/mcp", location.href), mcp());
new JsonRpcTransportFactory({ fetchImpl: fetch });
registerContext(() => ({ cart: 3 }))();
const state: "ready" | "error" = await loadChatKit();
const key: string = chatkit((await config()).chatkit).api.domainKey;
const session = await user();
const name: string | undefined = session.authenticated ? session.name : state;
const unknown: Session = { authenticated: true, verified: false };
// @ts-expect-error not every gate knows when a session ends, or whose it is
if (session.authenticated) new Date(session.expiresAt).toJSON() + session.id.length;
for await (const event of events(await fetch("/api"))) event.data.slice(key.length + (name ?? "").length);
export function Hooks() {
  const chat = useChatKitOptions({ timeout: 5 });
  const reader = useGatehouseUser();
  if (chat.status === "error") return chat.error.message;
  return chat.status === "ready" ? chat.options.api.url : reader.status;
}
`;

test("types hold for the module, the sample page and each library", async () => {
  await writeFile("use.ts", USE);
  const options = ["--strict", "--noEmit", "--target", "es2023", "--module", "esnext"];
  const more = ["--moduleResolution", "bundler", "--skipLibCheck", "--types", "react"];
  const files = ["use.ts", "webapp/app.js", "webapp/gatehouse-react.js"];
  const all = [...options, ...more, "--allowJs", "--checkJs", "--lib", "es2023,dom,dom.iterable"];
  await run("node_modules/.bin/tsc", [...all, ...files]).catch(({ stdout }) => assert.fail(stdout));
});
