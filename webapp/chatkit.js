// @ts-check
import { chatkit, config, loadChatKit } from "./gatehouse.js";
import { element } from "./nodes.js";

const PATIENCE = 10_000;

/** OpenAI's own element in the place of the built-in panel, where a domain key is configured. */
export class ChatKit {
  /** @type {HTMLElement | undefined} */
  #view;
  /** Ends the wait for an element that is taken away. */
  #giveUp = () => {};
  #failed = false;

  get isShown() {
    return this.#view !== undefined;
  }

  /**
   * The built-in panel stays until the element says that it works: its script can be blocked, and
   * so can the frame that it opens.
   *
   * @returns {Promise<"shown" | "failed" | "removed" | "not configured">}
   */
  async show() {
    const key = await this.#key();
    if (!key) return "not configured";
    // One failure is enough; a reload tries again.
    if (this.#failed) return "failed";
    const state = (await loadChatKit()) === "error" ? "failed" : await this.#insert(key);
    this.#failed = state === "failed";
    return state;
  }

  remove() {
    this.#view?.remove();
    this.#view = undefined;
    this.#giveUp();
    delete element("chat").dataset.chatkit;
  }

  async #key() {
    try {
      return (await config()).chatkit;
    } catch {
      return undefined; // The panel works without, and says so if the gate is gone.
    }
  }

  /**
   * @param {{domainKey: string}} key
   * @returns {Promise<"shown" | "failed" | "removed">}
   */
  async #insert(key) {
    const view = document.createElement("openai-chatkit");
    const sign = this.#firstSign(view);
    element("chat").dataset.chatkit = "loading";
    element("chat-body").append(view);
    this.#view = view;
    try {
      /** @type {any} */ (view).setOptions(chatkit(key));
      const works = await sign;
      // Its first request may find the session gone; what it says after that concerns nobody.
      if (this.#view !== view) return "removed";
      if (!works) throw new Error("its frame does not answer");
      element("chat").dataset.chatkit = "shown";
      return "shown";
    } catch (error) {
      console.warn(`ChatKit does not start: ${error}`);
      this.remove();
      return "failed";
    }
  }

  /**
   * @param {HTMLElement} view
   * @returns {Promise<boolean>} whether it works
   */
  #firstSign(view) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE, false);
      const end = (/** @type {boolean} */ works) => {
        clearTimeout(timer);
        resolve(works);
      };
      view.addEventListener("chatkit.ready", () => end(true), { once: true });
      this.#giveUp = () => end(false);
    });
  }
}
