// @ts-check
import { user } from "./gatehouse.js";
import { ChatError, broken, unreachable } from "./operations.js";

/**
 * @typedef {import("./chat.js").Conversation} Conversation
 * @typedef {import("./items.js").Deeds} Deeds
 * @typedef {import("./operations.js").Answer} Answer
 * @typedef {import("./operations.js").ChatEvent} ChatEvent
 * @typedef {import("./operations.js").FormInput} FormInput
 * @typedef {import("./operations.js").Question} Question
 * @typedef {import("./page.js").HostPage} HostPage
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {import("./widgets.js").WidgetAction} WidgetAction
 * @typedef {(signal: AbortSignal) => Promise<Answer>} Start
 */

/** A page that is asked again and again is in a loop. */
const MOST_CALLS = 8;

/** What goes on between the reader and the assistant: one thing at a time, each with an end that is shown. */
export class Exchanges {
  #conversation;
  #panel;
  #page;
  /** @type {Question} */
  #question = { text: "", attachments: [] };
  /** What to do if the reader wants to try again; nothing if that can only go wrong. @type {(() => Promise<void>) | undefined} */
  #retry;
  /** @type {AbortController | undefined} */
  #running;
  /** Called with a question that was not sent, so that the reader still has it. @type {(question: Question) => void} */
  onUnsent = () => {};

  /** @param {Conversation} conversation @param {Panel} panel @param {HostPage} page */
  constructor(conversation, panel, page) {
    this.#conversation = conversation;
    this.#panel = panel;
    this.#page = page;
  }

  get isRunning() {
    return this.#running !== undefined;
  }

  /** Whether a question can be asked now. */
  get isReady() {
    return !this.isRunning && !this.#panel.isLocked;
  }

  stop() {
    this.#running?.abort();
  }

  /** Ends what is going on without a word. */
  leave() {
    this.#running?.abort();
    this.#running = undefined;
  }

  async retry() {
    await this.#retry?.();
  }

  /**
   * Something else than an answer that takes a moment and can be tried again.
   *
   * @param {string} progress
   * @param {() => Promise<void>} steps
   */
  async load(progress, steps) {
    this.#retry = () => this.load(progress, steps);
    await this.#run(progress, steps);
  }

  /** @param {Question} question */
  async ask(question) {
    if (!this.isReady) return;
    this.#question = question;
    this.#panel.ask(question);
    this.#retry = () => this.askAgain();
    await this.#exchange((signal) => this.#conversation.ask(question, signal));
  }

  async askAgain() {
    if (!this.isReady) return;
    const id = this.#panel.transcript.lastQuestionId;
    this.#panel.transcript.reopen();
    this.#retry = () => this.askAgain();
    await this.#exchange((signal) =>
      id === undefined
        ? this.#conversation.ask(this.#question, signal)
        : this.#conversation.askAgain(id, signal),
    );
  }

  /** @param {string} itemId @param {FormInput} form */
  async sendForm(itemId, form) {
    if (!this.isReady) return;
    await this.#once((signal) => this.#conversation.sendForm(itemId, form, signal));
  }

  /**
   * Does what a widget asks for: on the page, at once, or with an answer of the assistant.
   *
   * @param {import("./items.js").Entry} entry
   * @param {WidgetAction} asked
   */
  async act(entry, { type, payload, handler, streaming }) {
    const action = { type, payload };
    if (handler === "client") {
      if (!this.#page.show(type)) this.#panel.showNotice("warning", "This page cannot do that.");
    } else if (!this.isReady) {
      return;
    } else if (streaming) {
      this.#retry = () => this.#exchange((signal) => this.#conversation.act(entry.id, action, signal));
      await this.#retry();
    } else {
      await this.load("Working…", async () => {
        const updated = await this.#conversation.actAtOnce(entry.id, action);
        if (updated) entry.show(updated);
      });
    }
  }

  /** An exchange that must not be repeated once the server has begun to answer. @param {Start} start */
  async #once(start) {
    this.#retry = () => this.#once(start);
    await this.#exchange(async (signal) => {
      const answer = await start(signal);
      this.#retry = undefined;
      return answer;
    });
  }

  /** @param {Start} start */
  async #exchange(start) {
    await this.#run("Thinking…", async (signal) => {
      const { transcript } = this.#panel;
      this.#panel.canStop = true;
      await this.#receive(await start(signal), signal);
      for (let calls = 0; transcript.pendingCall && calls < MOST_CALLS; calls++) {
        const result = this.#page.run(transcript.pendingCall.name);
        const answer = await this.#conversation.sendToolOutput(result, signal);
        transcript.completeCall();
        await this.#receive(answer, signal);
      }
    });
  }

  /** @param {Answer} answer @param {AbortSignal} signal */
  async #receive(answer, signal) {
    this.#panel.showSentWith(answer.sentWith);
    let answered = false;
    for await (const event of answer.events) {
      signal.throwIfAborted();
      if (event.type === "error") throw refusal(event);
      if (event.type === "client_effect") this.#page.show(event.name);
      this.#panel.apply(event);
      answered ||= isAnswer(event);
    }
    // A stream that ends cleanly may still have ended too early.
    if (!answered || this.#panel.transcript.isWriting) throw broken();
  }

  /**
   * Runs the one exchange of the moment and makes sure that every ending is shown.
   *
   * @param {string} progress
   * @param {(signal: AbortSignal) => Promise<void>} steps
   */
  async #run(progress, steps) {
    if (this.#running) return;
    const control = new AbortController();
    this.#running = control;
    this.#panel.showRunning(progress);
    try {
      await steps(control.signal);
    } catch (error) {
      await this.#end(control, error);
    } finally {
      if (this.#running === control) {
        this.#running = undefined;
        this.#panel.showIdle();
      }
    }
  }

  /** @param {AbortController} control @param {unknown} error */
  async #end(control, error) {
    if (this.#running !== control) return;
    if (control.signal.aborted) {
      this.#panel.transcript.close("stopped");
      this.#panel.showStopped(this.#retry !== undefined);
      return;
    }
    this.#panel.transcript.close("interrupted");
    const failure = await this.#explain(error);
    if (this.#running === control) this.#fail(failure);
  }

  /** @param {ChatError} failure */
  #fail(failure) {
    const { transcript } = this.#panel;
    if (failure.kind === "unknown-thread") this.#retry = this.#elsewhere();
    if (!failure.retry && transcript.takeBack()) this.onUnsent(this.#question);
    const retry = failure.retry && this.#retry !== undefined;
    this.#panel.showProblem(new ChatError(failure.kind, failure.message, retry));
  }

  /** Where its thread is gone, a question can still begin another. */
  #elsewhere() {
    const { transcript } = this.#panel;
    if (!transcript.isAsking) return undefined;
    this.#conversation.forget();
    transcript.clear();
    transcript.ask(this.#question);
    return () => this.askAgain();
  }

  /**
   * @param {unknown} error
   * @returns {Promise<ChatError>}
   */
  async #explain(error) {
    if (!(error instanceof ChatError)) return broken();
    if (error.kind !== "broken") return error;
    // A stream also breaks when the session ends; trying again would then be in vain.
    const session = await user().catch(() => undefined);
    if (session?.authenticated !== false) return error;
    this.#panel.showSession(session);
    const message = "Your session ended before the answer did. Sign in again to go on.";
    return new ChatError("signed-out", message, false);
  }
}

/** Who is signed in. */
export async function whoIsHere() {
  try {
    return await user();
  } catch {
    throw unreachable();
  }
}

/** @param {ChatEvent} event */
function refusal(event) {
  const message = event.message || "The assistant could not answer.";
  return new ChatError("refused", message, event.allow_retry === true);
}

/** @param {ChatEvent} event */
function isAnswer(event) {
  if (event.type === "notice" || event.type === "client_effect") return true;
  return event.item !== undefined && event.item.type !== "user_message";
}
