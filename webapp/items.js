// @ts-check
import { FormView } from "./forms.js";
import { array, button, icon, node, ownUrl, size, string } from "./nodes.js";
import { showProse } from "./prose.js";
import { drawWidget } from "./widgets.js";

/**
 * @typedef {import("./operations.js").Action} Action
 * @typedef {import("./operations.js").Attachment} Attachment
 * @typedef {import("./operations.js").FormInput} FormInput
 * @typedef {import("./operations.js").Item} Item
 * @typedef {import("./widgets.js").WidgetAction} WidgetAction
 * @typedef {"writing" | "done" | "stopped" | "interrupted"} State
 */

/**
 * What the reader can do with an item.
 *
 * @typedef {object} Deeds
 * @property {() => void} askAgain
 * @property {(item: Entry, kind: "positive" | "negative") => Promise<void>} rate
 * @property {(item: Entry, action: WidgetAction) => void} act
 * @property {(item: Entry, form: FormInput) => void} sendForm
 */

/** One item of a conversation, as it is shown. */
export class Entry {
  element = node("li");
  isQuestion = false;
  /** @type {State} */
  state = "done";
  #mark = node("p", "mark");

  /** @param {Item} item @param {string} kind */
  constructor(item, kind) {
    this.id = item.id;
    this.element.className = `message ${kind}`;
    this.#mark.hidden = true;
  }

  /** @param {...Node} content */
  fill(...content) {
    this.element.replaceChildren(...content, this.#mark);
  }

  /** @param {Item} item */
  show(item) {
    this.id = item.id;
  }

  /** @param {Record<string, any>} _update */
  update(_update) {}

  /** @param {State} state */
  mark(state) {
    this.state = state;
    this.element.dataset.state = state;
    this.#mark.textContent = { writing: "", done: "", stopped: "Stopped", interrupted: this.incomplete }[state];
    this.#mark.hidden = this.#mark.textContent === "";
  }

  get incomplete() {
    return "Incomplete";
  }
}

class Message extends Entry {
  parts = node("div", "text");
  /** @type {string[]} */
  #texts = [];

  /** @param {Item} item */
  show(item) {
    super.show(item);
    const content = array(item.content);
    while (this.parts.childElementCount > content.length) this.parts.lastElementChild?.remove();
    this.#texts.length = Math.min(this.#texts.length, content.length);
    content.forEach((part, index) => this.#setPart(index, string(part?.text)));
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

  /** @param {Element} part @param {string} text */
  write(part, text) {
    showProse(part, text);
  }

  /** @param {number} index @param {string} text */
  #setPart(index, text) {
    while (this.parts.childElementCount <= index) {
      this.#texts.push("");
      this.parts.append(node("div"));
    }
    this.#texts[index] = text;
    this.write(this.parts.children[index], text);
  }
}

class Question extends Message {
  isQuestion = true;
  #files = node("ul", "files");
  #again;

  /** @param {Item} item @param {Deeds} deeds */
  constructor(item, deeds) {
    super(item, "question");
    this.#again = button("Answer again", { icon: "again", className: "tool waits", onClick: deeds.askAgain });
    const tools = node("div", "tools", this.#again);
    this.fill(node("p", "author", "You"), this.#files, this.parts, tools);
    this.show(item);
  }

  /** @param {Item} item */
  show(item) {
    super.show(item);
    const files = array(item.attachments);
    this.#files.replaceChildren(...files.map(showFile));
    this.#files.hidden = files.length === 0;
    this.parts.hidden = array(item.content).length === 0;
    this.#again.hidden = item.id === "";
  }

  /** A question is shown as it was typed. @param {Element} part @param {string} text */
  write(part, text) {
    part.textContent = text;
  }

  get incomplete() {
    return "Not answered";
  }
}

class Answer extends Message {
  #rated = /** @type {const} */ (["positive", "negative"]).map((kind) => this.#thumb(kind));
  #deeds;

  /** @param {Item} item @param {Deeds} deeds */
  constructor(item, deeds) {
    super(item, "answer");
    this.#deeds = deeds;
    const tools = node("div", "tools", ...this.#rated);
    this.fill(node("p", "author", "Assistant"), this.parts, tools);
    this.show(item);
  }

  /** @param {"positive" | "negative"} kind */
  #thumb(kind) {
    const good = kind === "positive";
    const thumb = button(good ? "Good answer" : "Bad answer", {
      icon: good ? "up" : "down",
      className: "tool",
      onClick: () => void this.#rate(kind, thumb),
    });
    thumb.setAttribute("aria-pressed", "false");
    return thumb;
  }

  /** @param {"positive" | "negative"} kind @param {HTMLButtonElement} pressed */
  async #rate(kind, pressed) {
    if (pressed.getAttribute("aria-pressed") === "true") return;
    const before = this.#rated.map((thumb) => thumb.getAttribute("aria-pressed") ?? "false");
    this.#rated.forEach((thumb) => thumb.setAttribute("aria-pressed", String(thumb === pressed)));
    try {
      await this.#deeds.rate(this, kind);
    } catch {
      this.#rated.forEach((thumb, index) => thumb.setAttribute("aria-pressed", before[index]));
    }
  }
}

/** Something that was done on the way to the answer. */
class Task extends Entry {
  #sign = node("span", "sign");
  #title = node("span", "task-title");
  #content = node("div", "text");
  #details = node("details", "", node("summary", "", this.#sign, this.#title, icon("chevron")), this.#content);

  /** @param {Item} item */
  constructor(item) {
    super(item, "task");
    this.fill(this.#details);
    this.show(item);
  }

  /** @param {Item} item */
  show(item) {
    super.show(item);
    const { title, icon: drawing, content, status_indicator: progress } = item.task ?? {};
    const busy = progress === "loading";
    this.element.classList.toggle("busy", busy);
    this.#sign.replaceChildren(busy ? node("span", "spinner") : icon(string(drawing)));
    this.#title.textContent = string(title) || "Working";
    this.#title.title = this.#title.textContent;
    showProse(this.#content, string(content));
    this.#details.classList.toggle("empty", string(content).trim() === "");
  }

  /** @param {State} state */
  mark(state) {
    super.mark(state);
    if (state !== "writing") this.element.classList.remove("busy");
  }
}

/** Something that the page was asked to do. */
class ToolCall extends Entry {
  #line = node("p", "line");

  /** @param {Item} item */
  constructor(item) {
    super(item, "call");
    this.fill(this.#line);
    this.show(item);
  }

  /** @param {Item} item */
  show(item) {
    super.show(item);
    const done = item.status === "completed";
    const what = string(item.name).replaceAll("_", " ") || "something";
    const text = done ? `The page was asked: ${what}` : `Asking the page: ${what}`;
    this.#line.replaceChildren(icon(done ? "check" : "pointer"), node("span", "", text));
    this.element.dataset.call = done ? "completed" : "pending";
  }
}

class Widget extends Entry {
  #place = node("fieldset", "widget");
  #deeds;

  /** @param {Item} item @param {Deeds} deeds */
  constructor(item, deeds) {
    super(item, "shown");
    this.#deeds = deeds;
    this.#place.setAttribute("aria-label", "Assistant shows");
    this.fill(this.#place);
    this.show(item);
  }

  /** Keeps the focus on the button that was pressed. @param {Item} item */
  show(item) {
    super.show(item);
    const focused = this.#buttons().indexOf(/** @type {any} */ (document.activeElement));
    this.#place.replaceChildren(drawWidget(item.widget, (action) => this.#deeds.act(this, action)));
    if (focused >= 0) this.#buttons()[focused]?.focus();
  }

  #buttons() {
    return [...this.#place.querySelectorAll("button")];
  }
}

class Form extends Entry {
  #view;

  /** @param {Item} item @param {Deeds} deeds */
  constructor(item, deeds) {
    super(item, "shown");
    this.#view = new FormView((form) => deeds.sendForm(this, form));
    this.fill(this.#view.element);
    this.show(item);
  }

  /** @param {Item} item */
  show(item) {
    super.show(item);
    this.#view.show(item);
  }
}

/**
 * @param {Item} item
 * @param {Deeds} deeds
 * @returns {Entry | undefined} nothing for an item of a kind that is not known here
 */
export function entryOf(item, deeds) {
  switch (item.type) {
    case "user_message":
      return new Question(item, deeds);
    case "assistant_message":
      return new Answer(item, deeds);
    case "task":
      return new Task(item);
    case "client_tool_call":
      return new ToolCall(item);
    case "widget":
      return new Widget(item, deeds);
    case "structured_input":
      return new Form(item, deeds);
    default:
      return undefined;
  }
}

/** @param {Attachment} file */
function showFile(file) {
  const name = string(file?.name) || "File";
  const preview = ownUrl(file?.preview_url);
  if (preview) {
    const image = node("img");
    image.src = preview;
    image.alt = name;
    image.loading = "lazy";
    return node("li", "file image", image);
  }
  const bytes = file?.metadata?.size;
  const detail = typeof bytes === "number" ? node("span", "file-size", size(bytes)) : "";
  return node("li", "file", icon("file"), node("span", "file-name", name), detail);
}
