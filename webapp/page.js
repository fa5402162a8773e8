// @ts-check
/** What the assistant can have done on the page around the chat. */

const MOST_CHARACTERS = 2000;
const MARK_MILLIS = 2500;

export class HostPage {
  #chat;
  #selection = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} chat no part of the page that the assistant is told about */
  constructor(chat) {
    this.#chat = chat;
    document.addEventListener("selectionchange", () => this.#noteSelection());
  }

  /**
   * Runs a tool that the assistant has called.
   *
   * @param {string} name
   * @returns {string} what to answer
   */
  run(name) {
    if (name !== "page_selection") return "This page has no such tool.";
    return this.#selection || "Nothing is selected on the page.";
  }

  /**
   * Brings about an effect that the assistant or a button of a widget asks for.
   *
   * @param {string} name
   * @returns {boolean} whether this page knows it
   */
  show(name) {
    if (name !== "highlight" && name !== "demo.highlight") return false;
    const heading = document.querySelector("h1");
    heading?.scrollIntoView({ block: "center", behavior: "smooth" });
    heading?.classList.add("highlighted");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => heading?.classList.remove("highlighted"), MARK_MILLIS);
    return true;
  }

  /** Who writes into the chat has not taken back what they selected outside it. */
  #noteSelection() {
    const selection = document.getSelection();
    if (!selection?.anchorNode || this.#chat.contains(selection.anchorNode)) return;
    this.#selection = selection.toString().trim().slice(0, MOST_CHARACTERS);
  }
}
