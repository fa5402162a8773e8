// @ts-check
import { element } from "./nodes.js";
import { titleOf } from "./threads.js";
import { Transcript } from "./transcript.js";

/**
 * @typedef {import("./gatehouse.d.ts").Session} Session
 * @typedef {import("./operations.js").ChatError} ChatError
 * @typedef {import("./operations.js").ChatEvent} ChatEvent
 * @typedef {import("./operations.js").Item} Item
 * @typedef {import("./operations.js").Question} Question
 * @typedef {import("./operations.js").Thread} Thread
 * @typedef {import("./items.js").Deeds} Deeds
 */

/** The chat's elements on the page and what they show; it sends nothing. */
export class Panel {
  transcript;
  prompt = /** @type {HTMLTextAreaElement} */ (element("prompt"));
  #chat = element("chat");
  #stop = element("stop");
  #progress = element("progress");
  #problem = element("problem");
  #scroll = element("scroll");
  #followsEnd = true;
  #signedIn = false;
  #locked = false;
  #uploading = false;

  /** @param {Deeds} deeds */
  constructor(deeds) {
    const list = /** @type {HTMLOListElement} */ (element("messages"));
    this.transcript = new Transcript(list, deeds);
    element("not-started").remove();
    this.#scroll.addEventListener("scroll", () => {
      const below = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
      this.#followsEnd = below < 48;
    });
    // The end moves as well when the message box grows, or a form in the conversation.
    const watch = new ResizeObserver(() => this.#follow());
    watch.observe(this.#scroll);
    watch.observe(element("log"));
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
    const name = (session.authenticated && (session.name || session.email || session.id)) || "";
    element("who").textContent = this.#signedIn ? name || "Signed in" : "Not signed in";
    element("who").title = name && `Signed in as ${name}`;
    element("hello").textContent = name ? `Hello ${name}` : "Hello";
    element("sign-in").hidden = this.#signedIn;
    element("sign-out").hidden = !this.#signedIn;
    element("threads-toggle").hidden = !this.#signedIn;
  }

  /** @param {Thread} thread */
  showThread(thread) {
    if (thread.title) element("thread-title").textContent = thread.title;
    const status = thread.status ?? { type: "active" };
    this.#locked = status.type !== "active";
    const reason = status.reason || `This conversation is ${status.type}.`;
    element("closed-reason").textContent = this.#locked ? reason : "";
    element("closed").hidden = !this.#locked;
  }

  /**
   * Shows a thread that was kept.
   *
   * @param {{thread: Thread, items: Item[], hasEarlier: boolean}} history
   */
  showHistory({ thread, items, hasEarlier }) {
    element("thread-title").textContent = titleOf(thread);
    this.showThread(thread);
    items.forEach((item) => this.transcript.show(item));
    // With what those were sent is not kept.
    if (items.length > 0) element("sent-with").textContent = "";
    this.hasEarlier = hasEarlier;
    this.#followsEnd = true;
  }

  /** @param {boolean} more */
  set hasEarlier(more) {
    element("earlier").hidden = !more;
  }

  /** Puts older items above the others, which stay where the reader sees them. @param {Item[]} items */
  showEarlier(items) {
    const { scrollHeight, scrollTop } = this.#scroll;
    this.#followsEnd = false;
    this.transcript.prepend(items);
    this.#scroll.scrollTop = scrollTop + this.#scroll.scrollHeight - scrollHeight;
  }

  /** @param {Question} question */
  ask(question) {
    this.transcript.ask(question);
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
        this.showNotice(event.level, event.title ? `${event.title}: ${event.message}` : event.message);
        break;
      default:
        this.transcript.apply(event);
        this.#mayAct(false);
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

  /** Says why this is not the panel that was configured. */
  showStandIn() {
    this.showNotice("warning", "ChatKit could not be loaded. This is the built-in panel instead.");
  }

  /** Offers to ask again after the reader has stopped an answer. @param {boolean} retry */
  showStopped(retry) {
    this.#showActions(retry, false);
  }

  /** @param {string} progress */
  showRunning(progress) {
    this.#hideCallouts();
    this.#progress.textContent = progress;
    this.#chat.dataset.running = "true";
    element("log").setAttribute("aria-busy", "true");
    this.#showSendable();
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
    element("attach").toggleAttribute("disabled", this.prompt.disabled);
    this.prompt.placeholder = this.#locked ? "Closed" : "Ask about this page";
    this.#showSendable();
    this.#follow();
  }

  /** Nothing is sent while a file is on its way that may belong to it. @param {boolean} uploading */
  set isUploading(uploading) {
    this.#uploading = uploading;
    this.#showSendable();
  }

  #showSendable() {
    const running = this.#chat.dataset.running === "true";
    const possible = !this.prompt.disabled && !running && !this.#uploading;
    element("send").setAttribute("aria-disabled", String(!possible));
    this.#mayAct(!running);
  }

  /** Shows an empty conversation. */
  clear() {
    this.transcript.clear();
    this.showThread({ id: "" });
    this.hasEarlier = false;
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
  showNotice(level, text) {
    const notice = element("notice");
    notice.className = level === "danger" || level === "warning" ? `callout ${level}` : "callout";
    notice.textContent = text;
    notice.hidden = false;
  }

  /** What is in the conversation asks for nothing while an answer is written, or when it is closed. @param {boolean} idle */
  #mayAct(idle) {
    for (const waiting of element("messages").querySelectorAll(".waits")) {
      waiting.setAttribute("aria-disabled", String(!idle || this.#locked));
    }
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
      if (this.#followsEnd && element("welcome").hidden) this.#scroll.scrollTop = this.#scroll.scrollHeight;
    });
  }
}
