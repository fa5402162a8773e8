// @ts-check
import { button, element, node, string } from "./nodes.js";
import { ChatError, deleteThread, listThreads, renameThread } from "./operations.js";

/**
 * @typedef {import("./operations.js").Thread} Thread
 */

/**
 * @typedef {object} Choices
 * @property {() => string | undefined} current the id of the thread that is open
 * @property {(id: string) => void} open
 * @property {(thread: Thread) => void} renamed
 * @property {(id: string) => void} deleted
 */

/** The drawer with the reader's conversations. It lies over the open one while it is open itself. */
export class Threads {
  #drawer = element("threads");
  #toggle = element("threads-toggle");
  #list = element("thread-list");
  #more = /** @type {HTMLButtonElement} */ (element("more-threads"));
  #status = element("threads-status");
  #choices;
  /** @type {string | null | undefined} */
  #after;
  /** Tells an answer that comes late from one that is waited for. */
  #visit = 0;

  /** @param {Choices} choices */
  constructor(choices) {
    this.#choices = choices;
    this.#toggle.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.#more.addEventListener("click", () => void this.#load());
  }

  get isOpen() {
    return !this.#drawer.hidden;
  }

  open() {
    this.#show(true);
    this.#list.replaceChildren();
    this.#after = undefined;
    element("threads-title").focus();
    void this.#load();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.#drawer.contains(document.activeElement) || document.activeElement === document.body;
    this.#show(false);
    if (hadFocus) this.#toggle.focus();
  }

  /** @param {boolean} open */
  #show(open) {
    this.#visit++;
    this.#drawer.hidden = !open;
    element("conversation").inert = open;
    this.#toggle.setAttribute("aria-expanded", String(open));
  }

  async #load() {
    const visit = this.#visit;
    this.#more.hidden = true;
    this.#status.textContent = "Loading…";
    try {
      const page = await listThreads(this.#after);
      if (visit !== this.#visit) return;
      const last = this.#list.lastElementChild;
      page.data.forEach((thread) => this.#list.append(this.#row(thread)));
      this.#after = page.has_more ? page.after : undefined;
      this.#more.hidden = !this.#after;
      this.#status.textContent = this.#list.childElementCount > 0 ? "" : "No conversations yet.";
      // Who asked for more goes on with the first that came.
      const next = last?.nextElementSibling?.querySelector("button");
      if (last && document.activeElement === document.body) next?.focus();
    } catch (error) {
      if (visit !== this.#visit) return;
      this.#status.textContent = reason(error);
      this.#more.hidden = false;
    }
  }

  /** @param {Thread} thread */
  #row(thread) {
    const row = node("li", "thread");
    this.#fill(row, thread);
    return row;
  }

  /** @param {HTMLLIElement} row @param {Thread} thread */
  #fill(row, thread) {
    const title = titleOf(thread);
    const open = node("button", "thread-open", node("span", "thread-name", title), when(thread));
    open.type = "button";
    open.addEventListener("click", () => this.#choices.open(thread.id));
    if (thread.id === this.#choices.current()) open.setAttribute("aria-current", "true");
    const rename = button(`Rename ${title}`, { icon: "pencil", className: "tool" });
    rename.addEventListener("click", () => this.#rename(row, thread));
    const remove = button(`Delete ${title}`, { icon: "bin", className: "tool" });
    remove.addEventListener("click", () => this.#confirm(row, thread));
    row.replaceChildren(open, rename, remove);
  }

  /** @param {HTMLLIElement} row @param {Thread} thread */
  #rename(row, thread) {
    const field = node("input", "thread-field");
    field.value = string(thread.title);
    field.maxLength = 200;
    field.required = true;
    field.setAttribute("aria-label", "New title");
    const save = node("button", "button small", "Save");
    const form = node("form", "thread-edit", field, save, this.#back(row, thread, "Cancel", 1));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const title = field.value.trim();
      if (title === "") return;
      void this.#attempt(async () => {
        const renamed = await renameThread(thread.id, title);
        this.#fill(row, renamed);
        row.querySelector("button")?.focus();
        this.#choices.renamed(renamed);
      });
    });
    row.replaceChildren(form);
    field.select();
  }

  /** @param {HTMLLIElement} row @param {Thread} thread */
  #confirm(row, thread) {
    const remove = button("Delete", { className: "button small danger" });
    remove.addEventListener("click", () =>
      void this.#attempt(async () => {
        await deleteThread(thread.id);
        row.remove();
        element("threads-title").focus();
        if (this.#list.childElementCount === 0) this.#status.textContent = "No conversations yet.";
        this.#choices.deleted(thread.id);
      }),
    );
    const words = node("p", "thread-ask", "Delete “", node("strong", "", titleOf(thread)), "” for good?");
    const back = this.#back(row, thread, "Keep", 2);
    const ask = node("div", "thread-edit", words, remove, back);
    ask.setAttribute("role", "group");
    ask.setAttribute("aria-label", `Delete ${titleOf(thread)}?`);
    row.replaceChildren(ask);
    back.focus();
  }

  /**
   * A button that leads back to the row as it was, and the focus to where it came from.
   *
   * @param {HTMLLIElement} row
   * @param {Thread} thread
   * @param {string} label
   * @param {number} from the number of the row's button
   */
  #back(row, thread, label, from) {
    const back = button(label, { className: "button small quiet" });
    const undo = () => {
      this.#fill(row, thread);
      row.querySelectorAll("button")[from]?.focus();
    };
    back.addEventListener("click", undo);
    row.onkeydown = (event) => {
      if (event.key !== "Escape" || !back.isConnected) return;
      event.stopPropagation();
      undo();
    };
    return back;
  }

  /** @param {() => Promise<void>} step */
  async #attempt(step) {
    this.#status.textContent = "";
    try {
      await step();
    } catch (error) {
      this.#status.textContent = reason(error);
    }
  }
}

/** @param {Thread} thread */
export function titleOf(thread) {
  return string(thread.title) || "Untitled conversation";
}

/** @param {Thread} thread */
function when(thread) {
  const at = new Date(string(thread.created_at));
  const valid = !Number.isNaN(at.getTime());
  const isToday = at.toDateString() === new Date().toDateString();
  const form = isToday ? { timeStyle: "short" } : { dateStyle: "medium" };
  const format = new Intl.DateTimeFormat(document.documentElement.lang, /** @type {any} */ (form));
  const status = thread.status?.type ?? "active";
  const words = [
    valid ? (isToday ? `Today, ${format.format(at)}` : format.format(at)) : "",
    status === "active" ? "" : status === "locked" ? "Locked" : "Closed",
  ];
  return node("span", "thread-when", words.filter(Boolean).join(" · "));
}

/** @param {unknown} error */
function reason(error) {
  return error instanceof ChatError ? error.message : "The conversations could not be loaded.";
}
