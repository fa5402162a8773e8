// @ts-check
import { showProse } from "./prose.js";

/**
 * @typedef {import("./chat.js").Item} Item
 * @typedef {import("./chat.js").ChatEvent} ChatEvent
 */

const AUTHORS = new Map([
  ["user_message", "You"],
  ["assistant_message", "Assistant"],
]);

/** The messages on the page. Whatever they contain is shown as text, never as markup. */
export class Transcript {
  #list;
  /** @type {Map<string, Message>} */
  #messages = new Map();
  /** @type {Message | undefined} */
  #question;

  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.#list = list;
  }

  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  /** Whether an answer has begun and not ended. */
  get isWriting() {
    return [...this.#messages.values()].some((message) => message.state === "writing");
  }

  /** Whether the last message is a question. */
  get isUnanswered() {
    return this.#list.lastElementChild?.classList.contains("question") ?? false;
  }

  /** The server's id of the last question, unless it has not confirmed it. */
  get lastQuestionId() {
    return this.#question ? undefined : this.#lastQuestion?.id;
  }

  get #lastQuestion() {
    return [...this.#messages.values()].findLast((message) => message.isQuestion);
  }

  clear() {
    this.#messages.clear();
    this.#question = undefined;
    this.#list.replaceChildren();
  }

  /**
   * Shows a question before the server has confirmed it.
   *
   * @param {string} text
   */
  ask(text) {
    const item = { id: "", type: "user_message", content: [{ type: "input_text", text }] };
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
    if (!AUTHORS.has(item.type)) return;
    const known = this.#messages.get(item.id) ?? this.#confirm(item);
    if (known) known.show(item);
    else this.#messages.set(item.id, this.#append(item));
  }

  /** @param {ChatEvent} event */
  apply(event) {
    switch (event.type) {
      case "thread.item.added":
        this.show(event.item);
        this.#messages.get(event.item.id)?.mark("writing");
        break;
      case "thread.item.updated":
        this.#messages.get(event.item_id)?.update(event.update);
        break;
      case "thread.item.done":
      case "thread.item.replaced":
        this.show(event.item);
        this.#messages.get(event.item.id)?.mark("done");
        break;
      case "thread.item.removed":
        this.#remove(event.item_id);
        break;
    }
  }

  /** Makes the last question the end of the transcript again, so that it can be asked anew. */
  reopen() {
    const question = this.#question ?? this.#lastQuestion;
    question?.mark("done");
    const ids = [...this.#messages.keys()];
    const later = this.#question ? ids.length : ids.indexOf(question?.id ?? "") + 1;
    ids.slice(later).forEach((id) => this.#remove(id));
  }

  /**
   * Marks what has begun and not ended: the answers being written, else the question.
   *
   * @param {"stopped" | "interrupted"} state
   */
  close(state) {
    const open = [...this.#messages.values()].filter((message) => message.state === "writing");
    open.forEach((message) => message.mark(state));
    if (this.isUnanswered) (this.#question ?? this.#lastQuestion)?.mark(state);
  }

  /** @param {Item} item */
  #confirm(item) {
    const question = item.type === "user_message" ? this.#question : undefined;
    if (!question) return undefined;
    this.#question = undefined;
    this.#messages.set(item.id, question);
    return question;
  }

  /** @param {Item} item */
  #append(item) {
    const message = new Message(item);
    this.#list.append(message.element);
    return message;
  }

  /** @param {string} id */
  #remove(id) {
    this.#messages.get(id)?.element.remove();
    this.#messages.delete(id);
  }
}

class Message {
  element = document.createElement("li");
  #parts = document.createElement("div");
  /** @type {string[]} */
  #texts = [];
  #mark = document.createElement("p");
  /** @type {"writing" | "done" | "stopped" | "interrupted"} */
  state = "done";

  /** @param {Item} item */
  constructor(item) {
    this.id = item.id;
    this.isQuestion = item.type === "user_message";
    this.element.className = this.isQuestion ? "message question" : "message answer";
    this.#parts.className = "text";
    this.#mark.className = "mark";
    this.#mark.hidden = true;
    const author = document.createElement("p");
    author.className = "author";
    author.textContent = AUTHORS.get(item.type) ?? "";
    this.element.append(author, this.#parts, this.#mark);
    this.show(item);
  }

  /** @param {Item} item */
  show(item) {
    this.id = item.id;
    const content = item.content ?? [];
    while (this.#parts.childElementCount > content.length) this.#parts.lastElementChild?.remove();
    this.#texts.length = Math.min(this.#texts.length, content.length);
    content.forEach((part, index) => this.#setPart(index, part.text ?? ""));
  }

  /** @param {Record<string, any>} update */
  update(update) {
    switch (update.type) {
      case "assistant_message.content_part.added":
      case "assistant_message.content_part.done":
        this.#setPart(update.content_index, update.content.text);
        break;
      case "assistant_message.content_part.text_delta":
        this.#setPart(update.content_index, (this.#texts[update.content_index] ?? "") + update.delta);
        break;
    }
  }

  /** @param {"writing" | "done" | "stopped" | "interrupted"} state */
  mark(state) {
    this.state = state;
    this.element.dataset.state = state;
    const incomplete = this.isQuestion ? "Not answered" : "Incomplete";
    this.#mark.textContent = { writing: "", done: "", stopped: "Stopped", interrupted: incomplete }[state];
    this.#mark.hidden = this.#mark.textContent === "";
  }

  /** @param {number} index @param {string} text */
  #setPart(index, text) {
    while (this.#parts.childElementCount <= index) {
      this.#texts.push("");
      this.#parts.append(document.createElement("div"));
    }
    this.#texts[index] = text;
    const part = this.#parts.children[index];
    // A question is shown as it was typed.
    if (this.isQuestion) part.textContent = text;
    else showProse(part, text);
  }
}
