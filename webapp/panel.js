// @ts-check
import { Transcript } from "./transcript.js";

/**
 * @typedef {import("./gatehouse.d.ts").Session} Session
 * @typedef {import("./chat.js").ChatError} ChatError
 * @typedef {import("./chat.js").ChatEvent} ChatEvent
 * @typedef {import("./chat.js").Thread} Thread
 */

/** The chat's elements on the page and what they show; it sends nothing. */
export class Panel {
  transcript = new Transcript(/** @type {HTMLOListElement} */ (element("messages")));
  prompt = /** @type {HTMLTextAreaElement} */ (element("prompt"));
  #chat = element("chat");
  #stop = element("stop");
  #progress = element("progress");
  #problem = element("problem");
  #scroll = element("scroll");
  #followsEnd = true;
  #signedIn = false;
  #locked = false;

  constructor() {
    this.#scroll.addEventListener("scroll", () => {
      const below = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
      this.#followsEnd = below < 48;
    });
  }

  get isLocked() {
    return this.#locked;
  }

  get canStop() {
    return !this.#stop.hidden;
  }

  set canStop(possible) {
    if (!possible && document.activeElement === this.#stop) this.prompt.focus();
    this.#stop.hidden = !possible;
  }

  /** @param {Session} session */
  showSession(session) {
    this.#signedIn = session.authenticated;
    const name = session.authenticated ? session.name || session.email || session.id : "";
    element("who").textContent = this.#signedIn ? name : "Not signed in";
    element("who").title = this.#signedIn ? `Signed in as ${name}` : "";
    element("hello").textContent = `Hello ${name}`;
    element("sign-in").hidden = this.#signedIn;
    element("sign-out").hidden = !this.#signedIn;
  }

  /** @param {Thread} thread */
  showThread(thread) {
    if (thread.title) element("thread-title").textContent = thread.title;
    const status = thread.status ?? { type: "active" };
    this.#locked = status.type !== "active";
    const reason = status.reason || "This conversation is closed. Start a new one to go on.";
    if (this.#locked) this.#showNotice("info", reason);
  }

  /** @param {string} text */
  ask(text) {
    this.transcript.ask(text);
    this.#followsEnd = true;
  }

  /** @param {ChatEvent} event */
  apply(event) {
    switch (event.type) {
      case "thread.created":
      case "thread.updated":
        this.showThread(event.thread);
        break;
      case "stream_options":
        this.canStop = event.stream_options.allow_cancel;
        break;
      case "progress_update":
        this.#progress.textContent = event.text;
        break;
      case "notice":
        this.#showNotice(event.level, event.title ? `${event.title}: ${event.message}` : event.message);
        break;
      default:
        this.transcript.apply(event);
        if (event.type === "thread.item.updated") this.#progress.textContent = "Writing…";
    }
    this.#follow();
  }

  /** @param {string[]} parts what the gate has added to the request */
  showSentWith(parts) {
    element("sent-with").textContent =
      parts.length > 0 ? `Sent with: ${parts.join(", ")}` : "Sent without context";
  }

  /** @param {ChatError} failure */
  showProblem(failure) {
    this.#problem.textContent = failure.message;
    this.#problem.hidden = false;
    this.#showActions(failure.retry, failure.kind === "signed-out");
    this.#followsEnd = true;
  }

  /** Offers to ask again after the reader has stopped an answer. */
  showStopped() {
    this.#showActions(true, false);
  }

  /** @param {string} progress */
  showRunning(progress) {
    this.#hideCallouts();
    this.#progress.textContent = progress;
    this.#chat.dataset.running = "true";
    element("log").setAttribute("aria-busy", "true");
    element("send").setAttribute("aria-disabled", "true");
    this.#showWelcome(false);
    this.#follow();
  }

  showIdle() {
    this.canStop = false;
    this.#progress.textContent = "";
    delete this.#chat.dataset.running;
    element("log").setAttribute("aria-busy", "false");
    // With a problem on show the question is still there to be changed, copied or sent again.
    const hasProblem = !this.#problem.hidden;
    this.#showWelcome(this.transcript.isEmpty && !hasProblem);
    this.prompt.disabled = this.#locked || (!this.#signedIn && !hasProblem);
    element("send").toggleAttribute("disabled", this.prompt.disabled);
    element("send").setAttribute("aria-disabled", String(this.prompt.disabled));
    this.#follow();
  }

  /** Shows an empty conversation. */
  clear() {
    this.transcript.clear();
    this.#locked = false;
    this.#hideCallouts();
    element("thread-title").textContent = "Ask about this page";
    element("sent-with").textContent = "Nothing sent yet";
    this.showIdle();
  }

  get isOpen() {
    return this.#chat.dataset.open === "true";
  }

  /** On a small screen the chat is a sheet over the article; elsewhere this shows nothing. */
  set isOpen(open) {
    this.#chat.dataset.open = String(open);
    const toggle = element("sheet-toggle");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Close the chat" : "Open the chat");
    this.#follow();
  }

  /** Moves the focus to where the reader goes on after opening or closing the sheet. */
  focus() {
    const toggle = element("sheet-toggle");
    (this.isOpen && !this.prompt.disabled ? this.prompt : toggle).focus();
  }

  /** @param {string} level @param {string} text */
  #showNotice(level, text) {
    const notice = element("notice");
    notice.className = level === "danger" || level === "warning" ? `callout ${level}` : "callout";
    notice.textContent = text;
    notice.hidden = false;
  }

  /** @param {boolean} retry @param {boolean} signIn */
  #showActions(retry, signIn) {
    element("retry").hidden = !retry;
    element("sign-in-again").hidden = !signIn;
    element("problem-actions").hidden = !retry && !signIn;
  }

  #hideCallouts() {
    const hadFocus = element("problem-actions").contains(document.activeElement);
    for (const id of ["notice", "problem", "problem-actions"]) element(id).hidden = true;
    if (hadFocus) this.prompt.focus();
  }

  /** @param {boolean} shown */
  #showWelcome(shown) {
    element("welcome").hidden = !shown || !this.#signedIn;
    element("signed-out").hidden = !shown || this.#signedIn;
  }

  /** Keeps the end in view, unless the reader has scrolled up. */
  #follow() {
    requestAnimationFrame(() => {
      if (this.#followsEnd) this.#scroll.scrollTop = this.#scroll.scrollHeight;
    });
  }
}

/** @param {string} id */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}
