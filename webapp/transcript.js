// @ts-check
import { entryOf } from "./items.js";
import { string } from "./nodes.js";

/**
 * @typedef {import("./items.js").Deeds} Deeds
 * @typedef {import("./items.js").Entry} Entry
 * @typedef {import("./operations.js").ChatEvent} ChatEvent
 * @typedef {import("./operations.js").Item} Item
 * @typedef {import("./operations.js").Question} Question
 */

/** The items on the page. Whatever they contain is shown as text, never as markup. */
export class Transcript {
  #list;
  #deeds;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** A question that the server has not confirmed. @type {Entry | undefined} */
  #question;
  /** What the page was asked to do and has not done. @type {Item | undefined} */
  #call;

  /** @param {HTMLOListElement} list @param {Deeds} deeds */
  constructor(list, deeds) {
    this.#list = list;
    this.#deeds = deeds;
  }

  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  /** Whether an answer has begun and not ended. */
  get isWriting() {
    return [...this.#entries.values()].some((entry) => entry.state === "writing");
  }

  /** Whether the last entry is a question. */
  get isUnanswered() {
    return this.#list.lastElementChild?.classList.contains("question") ?? false;
  }

  /** Whether the last question is not confirmed by the server. */
  get isAsking() {
    return this.#question !== undefined;
  }

  /** The server's id of the last question, unless it has not confirmed it. */
  get lastQuestionId() {
    return this.#question ? undefined : this.#lastQuestion?.id;
  }

  get pendingCall() {
    return this.#call;
  }

  get #lastQuestion() {
    return [...this.#entries.values()].findLast((entry) => entry.isQuestion);
  }

  clear() {
    this.#entries.clear();
    this.#question = undefined;
    this.#call = undefined;
    this.#list.replaceChildren();
  }

  /**
   * Shows a question before the server has confirmed it.
   *
   * @param {Question} question
   */
  ask({ text, attachments }) {
    const content = text === "" ? [] : [{ type: "input_text", text }];
    const item = { id: "", type: "user_message", content, attachments };
    this.#question = this.#append(item);
  }

  /** Removes an unconfirmed question; false if there is none. */
  takeBack() {
    const question = this.#question;
    question?.element.remove();
    this.#question = undefined;
    return question !== undefined;
  }

  /** @param {Item} item */
  show(item) {
    this.#note(item);
    const known = this.#entries.get(item.id) ?? this.#confirm(item);
    if (known) known.show(item);
    else this.#keep(item, this.#append(item));
  }

  /** Puts older items before those that are there. @param {Item[]} items */
  prepend(items) {
    const earlier = items.filter((item) => !this.#entries.has(item.id));
    const entries = earlier.map((item) => entryOf(item, this.#deeds)).filter((it) => it !== undefined);
    this.#list.prepend(...entries.map((entry) => entry.element));
    const later = [...this.#entries];
    this.#entries = new Map([...entries.map((entry) => /** @type {[string, Entry]} */ ([entry.id, entry])), ...later]);
  }

  /** @param {ChatEvent} event */
  apply(event) {
    switch (event.type) {
      case "thread.item.added":
        this.show(event.item);
        this.#entries.get(event.item.id)?.mark("writing");
        break;
      case "thread.item.updated":
        this.#entries.get(event.item_id)?.update(event.update);
        break;
      case "thread.item.done":
      case "thread.item.replaced":
        this.show(event.item);
        this.#entries.get(event.item.id)?.mark("done");
        break;
      case "thread.item.removed":
        this.#remove(event.item_id);
        break;
    }
  }

  /** Shows that the page has done what it was asked to. */
  completeCall() {
    if (this.#call) this.show({ ...this.#call, status: "completed" });
  }

  /** Makes the last question the end of the transcript again, so that it can be asked anew. */
  reopen() {
    const question = this.#question ?? this.#lastQuestion;
    question?.mark("done");
    const ids = [...this.#entries.keys()];
    const later = this.#question ? ids.length : ids.indexOf(question?.id ?? "") + 1;
    ids.slice(later).forEach((id) => this.#remove(id));
  }

  /**
   * Marks what has begun and not ended: the answers being written, else the question.
   *
   * @param {"stopped" | "interrupted"} state
   */
  close(state) {
    const open = [...this.#entries.values()].filter((entry) => entry.state === "writing");
    open.forEach((entry) => entry.mark(state));
    if (this.isUnanswered) (this.#question ?? this.#lastQuestion)?.mark(state);
  }

  /** @param {Item} item */
  #note(item) {
    if (item.type !== "client_tool_call") return;
    if (item.status === "pending") this.#call = item;
    else if (this.#call?.id === item.id) this.#call = undefined;
  }

  /** @param {Item} item */
  #confirm(item) {
    const question = item.type === "user_message" ? this.#question : undefined;
    if (!question) return undefined;
    this.#question = undefined;
    this.#entries.set(item.id, question);
    return question;
  }

  /** @param {Item} item @param {Entry | undefined} entry */
  #keep(item, entry) {
    if (entry && string(item.id)) this.#entries.set(item.id, entry);
  }

  /** @param {Item} item */
  #append(item) {
    const entry = entryOf(item, this.#deeds);
    if (entry) this.#list.append(entry.element);
    return entry;
  }

  /** @param {string} id */
  #remove(id) {
    if (this.#call?.id === id) this.#call = undefined;
    this.#entries.get(id)?.element.remove();
    this.#entries.delete(id);
  }
}
