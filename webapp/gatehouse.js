// @ts-check
/**
 * The browser's side of Gatehouse: says which page a request comes from, marks it as same-origin
 * and reads event streams. Types and contracts are in `gatehouse.d.ts`.
 *
 * @typedef {import("./gatehouse.d.ts").PageContext} PageContext
 * @typedef {import("./gatehouse.d.ts").Session} Session
 * @typedef {import("./gatehouse.d.ts").ServerEvent} ServerEvent
 * @typedef {import("./gatehouse.d.ts").Options} Options
 * @typedef {import("./gatehouse.d.ts").RunTimeConfig} RunTimeConfig
 * @typedef {import("./gatehouse.d.ts").ContextSource} ContextSource
 * @typedef {import("./gatehouse.d.ts").ScriptOptions} ScriptOptions
 * @typedef {import("./gatehouse.d.ts").ChatKitApi} ChatKitApi
 * @typedef {"ready" | "error"} Readiness
 */

const IGNORED = "[data-gatehouse-ignore]";
const MAX_HEADINGS = 5;

// Bytes of UTF-8 JSON text. Together they stay below 6 KiB, so that the base64url header stays
// below the 8 KiB that common servers allow for all headers of a request.
const CAPS = { url: 2048, title: 400, path: 1024, description: 800, heading: 200, headings: 1020 };
const MAX_CONTEXT = 6000;
// Levels of objects and lists that the gate takes, the context itself being the first.
const MAX_DEPTH = 64;

const UNAUTHORIZED = new Set(["not-authenticated", "invalid-token", "token-expired"]);

const CHATKIT = "openai-chatkit";
const CHATKIT_SCRIPT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
const PATIENCE = 10_000;
// What a timer can wait; it takes anything longer for no time at all.
const LONGEST = 0x7fffffff;

/** @type {Options} */
const options = {};

/** @type {Set<ContextSource>} */
const sources = new Set();

/** @type {Set<string>} */
const said = new Set();

/** Elements whose script has not come, and will not. @type {WeakSet<HTMLScriptElement>} */
const spent = new WeakSet();

/** @type {Promise<Readiness> | undefined} */
let chatKitScript;

/** @param {Options} changes */
export function configure(changes) {
  Object.assign(options, changes);
}

/** @returns {PageContext | undefined} */
export function pageContext() {
  if (typeof document === "undefined" || typeof location === "undefined") return undefined;
  const url = new URL(location.href);
  url.hash = url.username = url.password = "";
  return {
    url: capUrl(url.href, CAPS.url),
    title: cap(fold(titleText()), CAPS.title),
    path: capUrl(url.pathname, CAPS.path),
    description: cap(fold(descriptionText()), CAPS.description),
    headings: cap(headingTexts().join("\n"), CAPS.headings),
  };
}

/**
 * @param {ContextSource} source
 * @returns {() => void}
 */
export function registerContext(source) {
  // A server renders for many readers: what one of them is told must not stay for the next.
  if (typeof document === "undefined") return () => {};
  const own = () => source();
  sources.add(own);
  return () => void sources.delete(own);
}

/** @param {object} context */
export function encodeContext(context) {
  const bytes = new TextEncoder().encode(JSON.stringify(context));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function fetch(input, init) {
  if (!isSameOrigin(input)) return globalThis.fetch(input, init);
  const request = new Request(
    input,
    input instanceof Request ? init : { credentials: "same-origin", ...init },
  );
  request.headers.set("X-CSRF", "1");
  // An upload has no JSON body that a context could be merged into.
  if (!isFormData(request) && !request.headers.has("X-Page-Context")) {
    const context = attempt("the page context", fullContext);
    if (context) request.headers.set("X-Page-Context", encodeContext(context));
  }
  const response = await globalThis.fetch(request);
  if (options.onUnauthorized && (await endsSession(response))) {
    attempt("onUnauthorized", () => options.onUnauthorized?.(response.clone()));
  }
  return response;
}

/** @returns {Promise<Session>} */
export async function user() {
  const response = await ask("/bff/user");
  if (!response.ok) throw new Error(`/bff/user answered ${response.status}`);
  return response.json();
}

/** @returns {Promise<RunTimeConfig>} */
export async function config() {
  const response = await ask("/bff/config");
  // A gate without that address has nothing to tell.
  if (response.status === 404) return { routes: [] };
  if (!response.ok) throw new Error(`/bff/config answered ${response.status}`);
  return response.json();
}

/**
 * @param {string} tag
 * @param {{timeout?: number}} [options]
 * @returns {Promise<Readiness>}
 */
export async function ready(tag, { timeout = PATIENCE } = {}) {
  if (typeof customElements === "undefined") return "error";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.min(timeout, LONGEST));
  });
  try {
    const defined = await Promise.race([customElements.whenDefined(tag).then(() => true), late]);
    return defined ? "ready" : "error";
  } catch {
    return "error"; // not a name an element can have
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {ScriptOptions} [options]
 * @returns {Promise<Readiness>}
 */
export function loadChatKit(options = {}) {
  chatKitScript ??= load(options).then((state) => {
    // What failed may be tried again; what is there stays.
    if (state === "error") chatKitScript = undefined;
    return state;
  });
  return chatKitScript;
}

/** @param {Partial<ChatKitApi>} [api] */
export function chatkit(api = {}) {
  const { url = "/api/chatkit", domainKey, ...more } = api;
  if (!domainKey) throw new TypeError("ChatKit needs a domainKey: pass (await config()).chatkit");
  return { api: { ...more, url, domainKey, fetch } };
}

/** @param {string} [api] */
export function aiSdk(api = "/api/chat") {
  return { api, fetch, credentials: /** @type {const} */ ("same-origin") };
}

/** @param {string} [url] */
export function agUi(url = "/api/ag-ui") {
  return { url, fetch };
}

export function mcp() {
  return { fetch };
}

/**
 * @param {Response} response
 * @param {{signal?: AbortSignal}} [options]
 * @returns {AsyncGenerator<ServerEvent, void, undefined>}
 */
export async function* events(response, { signal } = {}) {
  signal?.throwIfAborted();
  if (!response.body) return;
  const reader = response.body.getReader();
  const release = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", release);
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
        yield event;
        signal?.throwIfAborted();
      }
    }
  } finally {
    signal?.removeEventListener("abort", release);
    // A reader who leaves early lets go of the connection, which is how the answer is stopped.
    release();
  }
}

/** The event stream interpretation of the HTML standard (9.2.6), fed with decoded text. */
class EventParser {
  #line = "";
  #afterCarriageReturn = false;
  #data = "";
  #event = "";
  #id = "";
  /** @type {number | undefined} */
  #retry;

  /**
   * @param {string} text
   * @returns {Generator<ServerEvent, void, undefined>}
   */
  *feed(text) {
    if (text === "") return;
    const start = this.#afterCarriageReturn && text.startsWith("\n") ? 1 : 0;
    this.#afterCarriageReturn = text.endsWith("\r");
    const lines = text.slice(start).split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? "";
    for (const end of lines) {
      const line = this.#line + end;
      this.#line = "";
      if (line !== "") this.#field(line);
      else if (this.#data !== "") yield this.#dispatch();
      else this.#event = "";
    }
    this.#line += rest;
  }

  /** @param {string} line */
  #field(line) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data += `${value}\n`;
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.#retry = Number(value);
  }

  /** @returns {ServerEvent} */
  #dispatch() {
    const event = {
      event: this.#event || "message",
      data: this.#data.slice(0, -1),
      id: this.#id,
      retry: this.#retry,
    };
    this.#data = this.#event = "";
    return event;
  }
}

/** @param {string} path */
function ask(path) {
  // The gate is where the page comes from, wherever a <base> points.
  return globalThis.fetch(new URL(path, location.origin), {
    headers: { Accept: "application/json", "X-CSRF": "1" },
    credentials: "same-origin",
    cache: "no-store",
  });
}

/** @param {ScriptOptions} options */
async function load({ src = CHATKIT_SCRIPT, nonce = "", timeout = PATIENCE }) {
  if (typeof document === "undefined") return "error";
  if (customElements.get(CHATKIT)) return "ready";
  const address = new URL(src, document.baseURI).href;
  const found = [...document.scripts].find((it) => it.src === address && !spent.has(it));
  const script = found ?? document.createElement("script");
  /** @type {Promise<Readiness>} */
  const failed = new Promise((resolve) => {
    script.addEventListener("error", () => resolve("error"), { once: true });
  });
  if (!found && !attempt("the ChatKit script", () => insert(script, address, nonce))) return "error";
  const state = await Promise.race([failed, ready(CHATKIT, { timeout })]);
  if (state === "error") {
    // The page's own element stays where the page has put it.
    spent.add(script);
    if (!found) script.remove();
  }
  return state;
}

/** @param {HTMLScriptElement} script @param {string} address @param {string} nonce */
function insert(script, address, nonce) {
  script.async = true;
  script.nonce = nonce;
  script.src = address;
  document.head.append(script);
  return true;
}

/**
 * Whether the gate refuses for want of a session; an agent may answer 401 for reasons of its own.
 *
 * @param {Response} response
 */
async function endsSession(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (response.status !== 401 || !/^application\/problem\+json\b/i.test(type)) return false;
  try {
    return UNAUTHORIZED.has((await response.clone().json()).code);
  } catch {
    return false;
  }
}

/** The page's own context, and what was registered as far as it fits into a header. */
function fullContext() {
  const page = pageContext();
  if (!page || sources.size === 0) return page;
  const members = Object.entries(page);
  let room = MAX_CONTEXT - bytesOf(JSON.stringify(page));
  for (const source of sources) {
    for (const text of attempt("a registered context", () => memberTexts(source)) ?? []) {
      // Characters are counted first, because encoding megabytes takes time.
      const size = text.length > room ? Infinity : bytesOf(text);
      if (size > room || depthOf(text) > MAX_DEPTH) {
        const reason = size > room ? "does not fit into the header" : "is nested too deep";
        say(`gatehouse: a registered context ${reason} and was left out`);
        continue;
      }
      room -= size;
      members.push(...Object.entries(JSON.parse(text)));
    }
  }
  return Object.fromEntries(members);
}

/**
 * Each member as JSON text of an object of its own.
 *
 * @param {ContextSource} source
 */
function memberTexts(source) {
  const extra = source();
  if (extra === undefined || extra === null) return [];
  if (typeof extra !== "object" || Array.isArray(extra) || "then" in extra) {
    throw new TypeError("it must be an object, at once");
  }
  return Object.entries(extra)
    .map(([name, value]) => wellFormed(JSON.stringify(Object.fromEntries([[name, value]]))))
    .filter((text) => text !== "{}");
}

/**
 * Lone surrogates stand in JSON text as escapes, and are no Unicode text.
 *
 * @param {string} json
 */
function wellFormed(json) {
  return json.replace(/\\(?:ud[89a-f]..|.)/g, (escape) => (escape.length > 2 ? "\ufffd" : escape));
}

/** @param {string} json */
function depthOf(json) {
  let depth = 0;
  let deepest = 0;
  for (const [mark] of json.matchAll(/"(?:\\.|[^"\\])*"|[[{}\]]/g)) {
    if (mark === "{" || mark === "[") deepest = Math.max(deepest, ++depth);
    else if (mark === "}" || mark === "]") depth--;
  }
  return deepest;
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * What a page adds may fail without taking the message with it, but not unseen.
 *
 * @template T
 * @param {string} what
 * @param {() => T} step
 * @returns {T | undefined}
 */
function attempt(what, step) {
  try {
    return step();
  } catch (error) {
    say(`gatehouse: ${what} failed: ${error}`);
    return undefined;
  }
}

/** Once for each text, since every request would repeat it. @param {string} text */
function say(text) {
  if (!said.has(text)) console.warn(text);
  if (said.size < 100) said.add(text);
}

/** @param {RequestInfo | URL} input */
function isSameOrigin(input) {
  if (typeof location === "undefined") return false;
  const address = input instanceof Request ? input.url : String(input);
  const base = typeof document === "undefined" ? location.href : document.baseURI;
  try {
    const url = new URL(address, base);
    return /^https?:$/.test(url.protocol) && url.origin === location.origin;
  } catch {
    return false;
  }
}

/** @param {Request} request */
function isFormData(request) {
  return /^multipart\/form-data\b/i.test(request.headers.get("Content-Type") ?? "");
}

function titleText() {
  if (document.querySelector("head > title")?.closest(IGNORED)) return "";
  // An element named "title" would stand in its place.
  return typeof document.title === "string" ? document.title : "";
}

function descriptionText() {
  const meta = document.querySelector('meta[name="description" i]');
  return meta && !meta.closest(IGNORED) ? meta.getAttribute("content") : "";
}

/** The headings of the first of article, main and body that has any. */
function headingTexts() {
  for (const root of ["article", "main", "body"]) {
    const element = [...document.querySelectorAll(root)].find((e) => !e.closest(IGNORED));
    const texts = element ? headingsIn(element) : [];
    if (texts.length > 0) return texts;
  }
  return [];
}

/** @param {Element} root */
function headingsIn(root) {
  const texts = [];
  for (const heading of root.querySelectorAll("h1, h2, h3")) {
    if (heading.closest(IGNORED)) continue;
    const text = cap(fold(textOf(heading)), CAPS.heading);
    if (text !== "" && texts.push(text) === MAX_HEADINGS) break;
  }
  return texts;
}

/** @param {Element} heading */
function textOf(heading) {
  // A page may have thousands without any text, and copies take time.
  if (!heading.querySelector(IGNORED)) return heading.textContent;
  const copy = /** @type {Element} */ (heading.cloneNode(true));
  copy.querySelectorAll(IGNORED).forEach((ignored) => ignored.remove());
  return copy.textContent;
}

/** @param {string | null} text */
function fold(text) {
  return (text ?? "").replace(/[\s\0-\x1f\x7f]+/g, " ").trim();
}

/**
 * Cuts before the character that would exceed `max` bytes of JSON text.
 *
 * @param {string} text
 * @param {number} max
 */
function cap(text, max) {
  let size = 0;
  let kept = "";
  for (const character of text) {
    // A lone surrogate is no Unicode text and would not survive UTF-8.
    const safe = /^[\ud800-\udfff]$/.test(character) ? "\ufffd" : character;
    size += jsonSize(safe);
    if (size > max) break;
    kept += safe;
  }
  return kept.trim();
}

/** @param {string} url @param {number} max */
function capUrl(url, max) {
  const kept = cap(url, max);
  return kept === url ? kept : kept.replace(/%.?$/, "");
}

/** @param {string} character */
function jsonSize(character) {
  if (character === '"' || character === "\\" || character === "\n") return 2;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
