/** A gate of one's own for a test: the packaged jar, an issuer it believes, and what a browser adds. */
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const AUDIENCE = "agent-api";
const NEEDED = 25;

/** The page on which all clients of these tests run. */
export const PAGE = { url: "https://app.example.com/a", title: "🦊 “Pricing”", path: "/a" };
export const USER = { id: "u-1", name: "Ada Example", email: "ada@example.com" };

/** Serves on a free port until the test ends. */
export async function serve(test, listener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/**
 * Starts a gate with these routes and settings, each a line of YAML, and makes `fetch` behave as in a page of its
 * origin: the browser's cookie goes along, and the page's address is known.
 */
export async function openGate(test, routes, more = []) {
  const issuer = await startIssuer(test);
  const token = issuer.token();
  const uri = await startJar(test, issuer.uri, routes, more);
  const plainFetch = globalThis.fetch;
  // Node's requests hear of an abort only until they are collected, which a browser's do not lose: each is held on to.
  const held = [];
  globalThis.location = new URL(uri);
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    held.push(input, request);
    if (!request.url.startsWith(uri)) return plainFetch(request);
    request.headers.set("Cookie", `auth_token=${token}`);
    if (!request.headers.has("X-Page-Context")) {
      request.headers.set("X-Page-Context", Buffer.from(JSON.stringify(PAGE)).toString("base64url"));
    }
    return plainFetch(request);
  };
  test.after(() => {
    globalThis.fetch = plainFetch;
    held.length = 0;
    delete globalThis.location;
  });
  return { uri, token };
}

async function startIssuer(test) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = { ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256", use: "sig" };
  const uri = await serve(test, (request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ keys: [key] }));
  });
  const token = () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: uri, aud: AUDIENCE, sub: USER.id, name: USER.name, email: USER.email };
    const parts = [
      { alg: "ES256", typ: "at+jwt", kid: "k1" },
      { ...claims, iat: now, exp: now + 3600, jti: randomUUID() },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const text = Buffer.from(parts.join("."));
    const signature = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  };
  return { uri, token };
}

async function startJar(test, issuer, routes, more) {
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-"));
  const file = path.join(folder, "gate.yaml");
  const lines = [
    "server: {listen: 127.0.0.1:0, drain-timeout: 1s}",
    "admin: {listen: 127.0.0.1:0}",
    `auth: {issuer: "${issuer}", jwks-uri: "${issuer}/jwks", audience: [${AUDIENCE}]}`,
    "routes:",
    ...routes.map((route) => `  - ${route}`),
    ...more,
  ];
  await writeFile(file, lines.join("\n"));
  const java = await findJava();
  const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"];
  const gate = spawn(java, [...options, "-jar", process.env.GATEHOUSE_JAR, "serve", "--config", file]);
  let errors = "";
  gate.stderr.on("data", (text) => (errors += text));
  test.after(async () => {
    if (gate.exitCode === null) {
      gate.kill("SIGTERM");
      await once(gate, "exit");
    }
    await rm(folder, { recursive: true });
  });
  const [ready] = await Promise.race([
    once(createInterface({ input: gate.stdout }), "line"),
    once(gate, "exit").then(() => {
      throw new Error(`the gate did not start:\n${lines.join("\n")}\n${errors}`);
    }),
  ]);
  const uri = ready.match(/ready on (\S+)/)[1];
  await untilKeysAreThere(ready.match(/admin ([^)]+)/)[1]);
  return uri;
}

async function untilKeysAreThere(admin) {
  const deadline = Date.now() + 20_000;
  while ((await fetch(`${admin}/readyz`)).status !== 200) {
    if (Date.now() > deadline) throw new Error("the gate does not become ready");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first Java that is new enough: JAVA25_HOME, JAVA_HOME, what the system installed, the path. */
async function findJava() {
  const folder = "/usr/lib/jvm";
  const installed = existsSync(folder) ? await readdir(folder) : [];
  const homes = [
    process.env.JAVA25_HOME,
    process.env.JAVA_HOME,
    ...installed.map((name) => path.join(folder, name)),
  ];
  for (const home of homes.filter(Boolean)) {
    const java = path.join(home, "bin", "java");
    if (existsSync(java) && (await versionOf(java)) >= NEEDED) return java;
  }
  return "java";
}

async function versionOf(java) {
  try {
    const { stderr } = await promisify(execFile)(java, ["-version"]);
    return Number(stderr.match(/version "(\d+)/)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The JSON body of a request to a server of Node. */
export async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
}
