// @ts-check
import * as operations from "./operations.js";

/**
 * @typedef {import("./operations.js").Action} Action
 * @typedef {import("./operations.js").Answer} Answer
 * @typedef {import("./operations.js").FormInput} FormInput
 * @typedef {import("./operations.js").Item} Item
 * @typedef {import("./operations.js").Question} Question
 * @typedef {import("./operations.js").Thread} Thread
 * @typedef {{thread: Thread, items: Item[], hasEarlier: boolean}} History
 */

const STORAGE_KEY = "gatehouse.thread";

/** The conversation that is open; a reload of the page opens it again. */
export class Conversation {
  /** @type {string | undefined} */
  #threadId = recall();
  /** Where the oldest page of items ended. @type {string | null | undefined} */
  #earlier;

  get threadId() {
    return this.#threadId;
  }

  /** @param {string} threadId */
  open(threadId) {
    this.#threadId = threadId;
    this.#earlier = undefined;
    remember(threadId);
  }

  forget() {
    this.#threadId = undefined;
    this.#earlier = undefined;
    remember(undefined);
  }

  /**
   * The open thread with its last items, or undefined if there is none any more.
   *
   * @returns {Promise<History | undefined>}
   */
  async history() {
    const id = this.#threadId;
    if (id === undefined) return undefined;
    try {
      const thread = await operations.threadById(id);
      const { items, after } = await lastItems(thread);
      if (this.#threadId === id) this.#earlier = after;
      return { thread, items, hasEarlier: Boolean(after) };
    } catch (error) {
      if (!(error instanceof operations.ChatError) || error.kind !== "unknown-thread") throw error;
      if (this.#threadId === id) this.forget();
      return undefined;
    }
  }

  /**
   * The items before those that are known.
   *
   * @returns {Promise<{items: Item[], hasEarlier: boolean}>}
   */
  async earlier() {
    const id = this.#open;
    const { items, after } = await itemsBefore(id, this.#earlier);
    if (this.#threadId === id) this.#earlier = after;
    return { items, hasEarlier: Boolean(after) };
  }

  /**
   * Asks in the open thread, or in a new one if there is none.
   *
   * @param {Question} question
   * @param {AbortSignal} signal
   */
  ask(question, signal) {
    return this.#threadId === undefined
      ? this.#begun(operations.createThread(question, signal), signal)
      : operations.addQuestion(this.#threadId, question, signal);
  }

  /** @param {string} itemId @param {AbortSignal} signal */
  askAgain(itemId, signal) {
    return operations.askAgain(this.#open, itemId, signal);
  }

  /** @param {string} itemId @param {FormInput} form @param {AbortSignal} signal */
  sendForm(itemId, form, signal) {
    return operations.sendForm(this.#open, itemId, form, signal);
  }

  /** @param {unknown} result @param {AbortSignal} signal */
  sendToolOutput(result, signal) {
    return operations.sendToolOutput(this.#open, result, signal);
  }

  /** @param {string} itemId @param {Action} action @param {AbortSignal} signal */
  act(itemId, action, signal) {
    return operations.act(this.#open, itemId, action, signal);
  }

  /** @param {string} itemId @param {Action} action */
  actAtOnce(itemId, action) {
    return operations.actAtOnce(this.#open, itemId, action);
  }

  /** @param {string} itemId @param {"positive" | "negative"} kind */
  rate(itemId, kind) {
    return operations.rate(this.#open, itemId, kind);
  }

  get #open() {
    if (this.#threadId === undefined) throw new Error("no conversation is open");
    return this.#threadId;
  }

  /**
   * @param {Promise<Answer>} asked
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async #begun(asked, signal) {
    const answer = await asked;
    return { ...answer, events: this.#noticed(answer.events, signal) };
  }

  /**
   * @param {Answer["events"]} events
   * @param {AbortSignal} signal
   * @returns {Answer["events"]}
   */
  async *#noticed(events, signal) {
    for await (const event of events) {
      if (event.type === "thread.created" && !signal.aborted) this.open(event.thread.id);
      yield event;
    }
  }
}

/**
 * A short thread came whole; of a long one the end is what the reader goes on from.
 *
 * @param {Thread} thread
 */
async function lastItems({ id, items }) {
  return items?.has_more ? itemsBefore(id, undefined) : { items: items?.data ?? [], after: undefined };
}

/** @param {string} threadId @param {string | null | undefined} after */
async function itemsBefore(threadId, after) {
  const page = await operations.listItems(threadId, after);
  return { items: page.data.toReversed(), after: page.has_more ? page.after : undefined };
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
