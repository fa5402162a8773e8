// @ts-check
import { events, fetch } from "./gatehouse.js";

/**
 * One conversation with a ChatKit server: the requests of that protocol and how each can fail.
 *
 * @typedef {{type: string, text?: string}} Content
 * @typedef {{id: string, type: string, content?: Content[]}} Item
 * @typedef {{data: Item[], has_more?: boolean, after?: string | null}} Page
 * @typedef {{id: string, title?: string | null, status?: {type: string, reason?: string | null}, items?: Page}} Thread
 * @typedef {{type: string} & Record<string, any>} ChatEvent
 * @typedef {{sentWith: string[], events: AsyncGenerator<ChatEvent, void, undefined>}} Answer
 */

const ENDPOINT = "/api/chatkit";
const STORAGE_KEY = "gatehouse.thread";
const MAX_PAGES = 20;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/** Why an exchange failed, in words for the reader. */
export class ChatError extends Error {
  /**
   * @param {"signed-out" | "unknown-thread" | "refused" | "unreachable" | "broken"} kind
   * @param {string} message
   * @param {boolean} retry whether asking again can help
   */
  constructor(kind, message, retry) {
    super(message);
    this.kind = kind;
    this.retry = retry;
  }
}

export class Conversation {
  /** @type {string | undefined} */
  #threadId = recall();

  /**
   * Asks in the current thread, or in a new one if there is none.
   *
   * @param {string} text
   * @param {AbortSignal} signal
   */
  ask(text, signal) {
    const input = {
      content: [{ type: "input_text", text }],
      quoted_text: "",
      attachments: [],
      inference_options: {},
    };
    return this.#threadId === undefined
      ? this.#stream("threads.create", { input }, signal)
      : this.#stream("threads.add_user_message", { thread_id: this.#threadId, input }, signal);
  }

  /**
   * Has the question with this id answered anew; the server drops what followed it.
   *
   * @param {string} itemId
   * @param {AbortSignal} signal
   */
  askAgain(itemId, signal) {
    const params = { thread_id: this.#threadId, item_id: itemId };
    return this.#stream("threads.retry_after_item", params, signal);
  }

  /**
   * The thread of an earlier visit with all its items, or undefined if there is none any more.
   *
   * @returns {Promise<{thread: Thread, items: Item[]} | undefined>}
   */
  async history() {
    if (this.#threadId === undefined) return undefined;
    const params = { thread_id: this.#threadId };
    try {
      const thread = /** @type {Thread} */ (await this.#json("threads.get_by_id", params));
      return { thread, items: await this.#allItems(thread) };
    } catch (error) {
      if (!(error instanceof ChatError) || error.kind !== "unknown-thread") throw error;
      this.forget();
      return undefined;
    }
  }

  forget() {
    this.#threadId = undefined;
    remember(undefined);
  }

  /** @param {Thread} thread */
  async #allItems(thread) {
    let page = thread.items ?? { data: [] };
    const items = [...page.data];
    for (let pages = 1; page.has_more && page.after && pages < MAX_PAGES; pages++) {
      const params = { thread_id: thread.id, order: "asc", after: page.after, limit: 100 };
      page = /** @type {Page} */ (await this.#json("items.list", params));
      items.push(...page.data);
    }
    return items;
  }

  /**
   * @param {string} type
   * @param {object} params
   */
  async #json(type, params) {
    const response = await post(type, params, "application/json");
    try {
      return await response.json();
    } catch {
      throw broken();
    }
  }

  /**
   * @param {string} type
   * @param {object} params
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async #stream(type, params, signal) {
    const response = await post(type, params, "text/event-stream", signal);
    if (!/^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "")) throw broken();
    return {
      sentWith: (response.headers.get("X-Gatehouse-Context") ?? "").match(/[^\s,]+/g) ?? [],
      events: this.#read(response, signal),
    };
  }

  /**
   * @param {Response} response
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<ChatEvent, void, undefined>}
   */
  async *#read(response, signal) {
    try {
      for await (const { data } of events(response, { signal })) {
        const event = /** @type {ChatEvent} */ (JSON.parse(data));
        if (event.type === "thread.created") {
          this.#threadId = event.thread.id;
          remember(event.thread.id);
        }
        yield event;
      }
    } catch (error) {
      throw signal.aborted ? error : broken();
    }
  }
}

/**
 * @param {string} type
 * @param {object} params
 * @param {string} accept
 * @param {AbortSignal} [signal]
 */
async function post(type, params, accept, signal) {
  let response;
  try {
    response = await fetch(ENDPOINT, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept },
      body: JSON.stringify({ type, params }),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await refusal(response, "thread_id" in params);
  return response;
}

/**
 * @param {Response} response
 * @param {boolean} inThread
 */
async function refusal(response, inThread) {
  if (response.status === 401) {
    return new ChatError("signed-out", "Your session has expired. Sign in again to go on.", false);
  }
  if (response.status === 404 && inThread) {
    return new ChatError("unknown-thread", "This conversation no longer exists.", true);
  }
  const problem = await response.json().catch(() => ({}));
  const reason =
    text(problem?.detail) || text(problem?.title) || `The server answered ${response.status}.`;
  const reference = text(problem?.requestId);
  const message = reference ? `${reason} (Reference ${reference})` : reason;
  return new ChatError("refused", message, RETRYABLE.has(response.status));
}

export function unreachable() {
  const message = "The server cannot be reached. Check your connection.";
  return new ChatError("unreachable", message, true);
}

export function broken() {
  return new ChatError("broken", "The connection broke before the answer was complete.", true);
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.trim() : "";
}

/** @returns {string | undefined} */
function recall() {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  } catch {
    return undefined; // Storage can be switched off; the chat then forgets on reload.
  }
}

/** @param {string | undefined} threadId */
function remember(threadId) {
  try {
    if (threadId === undefined) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, threadId);
  } catch {
    // As above.
  }
}
