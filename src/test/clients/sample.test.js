import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { convertToModelMessages, simulateReadableStream, streamText } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { chromium } from "playwright-core";
import { build } from "vite";
import { bodyOf, openGate, serve } from "./gate.js";
import * as routes from "./routes.js";

const SAMPLE = path.resolve("webapp/samples/ai-sdk");
const USAGE = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };

function browser() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const files = process.env.PATH.split(path.delimiter).flatMap((it) => names.map((name) => path.join(it, name)));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Says the word until it is stopped, or once. */
function model(text) {
  const words = text === "forever" ? Array(1500).fill("word ") : ["You said: ", text];
  const chunks = [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "t1" },
    ...words.map((delta) => ({ type: "text-delta", id: "t1", delta })),
    { type: "text-end", id: "t1" },
    { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage: USAGE },
  ];
  return new MockLanguageModelV3({
    doStream: async () => ({ stream: simulateReadableStream({ chunks, chunkDelayInMs: 10 }) }),
  });
}

test("the sample's versions are those that are tested", async () => {
  const tested = JSON.parse(await readFile("package.json", "utf8")).dependencies;
  const sample = JSON.parse(await readFile(path.join(SAMPLE, "package.json"), "utf8"));
  for (const [name, version] of Object.entries({ ...sample.dependencies, ...sample.devDependencies })) {
    if (!version.startsWith("file:")) assert.equal(version, tested[name], name);
  }
});

const executablePath = browser();
const skip = executablePath ? false : "no Chromium was found: apt-get install chromium";

test("the sample with the AI SDK's hook chats in a browser", { skip }, async (context) => {
  await build({ root: SAMPLE, logLevel: "error" });
  const seen = [];
  const upstream = await serve(context, async (request, response) => {
    const { messages, pageContext } = await bodyOf(request);
    const left = new Promise((resolve) => response.on("close", resolve));
    seen.push({ pageContext, left });
    const text = messages.at(-1).parts.find((part) => part.type === "text").text;
    const result = streamText({ model: model(text), messages: await convertToModelMessages(messages) });
    result.pipeUIMessageStreamToResponse(response);
  });
  const webapp = `webapp: "${SAMPLE}/dist"`;
  const gate = await openGate(context, [routes.aiSdk(upstream)], [webapp]);
  const chrome = await chromium.launch({ executablePath });
  context.after(() => chrome.close());
  const page = await chrome.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));

  await page.goto(gate.uri);
  await page.getByRole("link", { name: "Sign in" }).waitFor();
  await page.context().addCookies([{ name: "auth_token", value: gate.token, url: gate.uri }]);
  await page.reload();
  await page.getByText("Hello Ada Example").waitFor();
  await page.getByLabel("Your message").fill("hello 🦊");
  await page.keyboard.press("Enter");
  await page.getByText("You said: hello 🦊").waitFor();
  assert.equal(seen[0].pageContext.headings, "Chat");

  await page.getByRole("button", { name: "Send" }).waitFor();
  await page.getByLabel("Your message").fill("forever");
  await page.keyboard.press("Enter");
  await page.getByText("word word").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await seen[1].left;
  await page.getByRole("button", { name: "Send" }).waitFor();
  assert.deepEqual(complaints, []);

  await page.context().clearCookies();
  await page.getByLabel("Your message").fill("once more");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Sign in" }).waitFor();
});
