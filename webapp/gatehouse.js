// @ts-check
/**
 * The browser's side of Gatehouse: says which page a request comes from, marks it as same-origin
 * and reads event streams. Types and contracts are in `gatehouse.d.ts`.
 *
 * @typedef {import("./gatehouse.d.ts").PageContext} PageContext
 * @typedef {import("./gatehouse.d.ts").Session} Session
 * @typedef {import("./gatehouse.d.ts").ServerEvent} ServerEvent
 * @typedef {import("./gatehouse.d.ts").Options} Options
 */

const IGNORED = "[data-gatehouse-ignore]";
const MAX_HEADINGS = 5;

// Bytes of UTF-8 JSON text. Together they stay below 6 KiB, so that the base64url header stays
// below the 8 KiB that common servers allow for all headers of a request.
const CAPS = { url: 2048, title: 400, path: 1024, description: 800, heading: 200, headings: 1020 };

/** @type {Options} */
const options = {};

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
    const context = pageContext();
    if (context) request.headers.set("X-Page-Context", encodeContext(context));
  }
  const response = await globalThis.fetch(request);
  if (response.status === 401) options.onUnauthorized?.(response.clone());
  return response;
}

/** @returns {Promise<Session>} */
export async function user() {
  const response = await globalThis.fetch("/bff/user", {
    headers: { Accept: "application/json", "X-CSRF": "1" },
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!response.ok) throw new Error(`/bff/user answered ${response.status}`);
  return response.json();
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
  return document.querySelector("head > title")?.closest(IGNORED) ? "" : document.title;
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
    const copy = /** @type {Element} */ (heading.cloneNode(true));
    copy.querySelectorAll(IGNORED).forEach((ignored) => ignored.remove());
    const text = cap(fold(copy.textContent), CAPS.heading);
    if (text !== "" && texts.push(text) === MAX_HEADINGS) break;
  }
  return texts;
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
