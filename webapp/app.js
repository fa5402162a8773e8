// @ts-check
import { ChatError, Conversation, broken, unreachable } from "./chat.js";
import { configure, user } from "./gatehouse.js";
import { Panel, element } from "./panel.js";

/**
 * @typedef {import("./chat.js").Answer} Answer
 * @typedef {import("./chat.js").ChatEvent} ChatEvent
 */

const DRAFT_KEY = "gatehouse.draft";
const SHEET_KEY = "gatehouse.sheet";

const conversation = new Conversation();
const panel = new Panel();

let question = "";
let retry = begin;
/** @type {AbortController | undefined} */
let running;

configure({ onUnauthorized: () => panel.showSession({ authenticated: false }) });
listenToReader();
listenToLeaving();
restoreVisit();
begin();

/** Finds out who is here, then brings an earlier conversation back. */
async function begin() {
  retry = begin;
  await run("Loading…", async () => {
    const session = await user().catch(() => {
      throw unreachable();
    });
    panel.showSession(session);
    if (!session.authenticated) return;
    const earlier = await conversation.history();
    panel.transcript.clear();
    if (earlier) panel.showThread(earlier.thread);
    earlier?.items.forEach((item) => panel.transcript.show(item));
  });
}

/** @param {string} text */
async function ask(text) {
  if (running || panel.isLocked || text === "") return;
  question = text;
  panel.ask(text);
  await exchange((signal) => conversation.ask(text, signal));
}

async function askAgain() {
  const id = panel.transcript.lastQuestionId;
  panel.transcript.reopen();
  await exchange((signal) =>
    id === undefined ? conversation.ask(question, signal) : conversation.askAgain(id, signal),
  );
}

/** @param {(signal: AbortSignal) => Promise<Answer>} start */
async function exchange(start) {
  retry = askAgain;
  await run("Thinking…", async (signal) => {
    panel.canStop = true;
    const answer = await start(signal);
    panel.showSentWith(answer.sentWith);
    let answered = false;
    for await (const event of answer.events) {
      if (event.type === "error") throw refusal(event);
      panel.apply(event);
      answered ||= isAnswer(event);
    }
    // A stream that ends cleanly may still have ended too early.
    if (!answered || panel.transcript.isWriting) throw broken();
  });
}

/**
 * Runs the one exchange of the moment and makes sure that every ending is shown.
 *
 * @param {string} progress
 * @param {(signal: AbortSignal) => Promise<void>} steps
 */
async function run(progress, steps) {
  if (running) return;
  const control = new AbortController();
  running = control;
  panel.showRunning(progress);
  try {
    await steps(control.signal);
  } catch (error) {
    await end(control, error);
  } finally {
    if (running === control) {
      running = undefined;
      panel.showIdle();
    }
  }
}

/** @param {AbortController} control @param {unknown} error */
async function end(control, error) {
  if (running !== control) return;
  if (control.signal.aborted) {
    panel.transcript.close("stopped");
    panel.showStopped();
    return;
  }
  panel.transcript.close("interrupted");
  const failure = await explain(error);
  if (running === control) fail(failure);
}

/** @param {ChatError} failure */
function fail(failure) {
  const { transcript, prompt } = panel;
  if (failure.kind === "unknown-thread") {
    conversation.forget();
    transcript.clear();
    transcript.ask(question);
  }
  if (!failure.retry && transcript.takeBack() && prompt.value === "") prompt.value = question;
  panel.showProblem(failure);
}

/**
 * @param {unknown} error
 * @returns {Promise<ChatError>}
 */
async function explain(error) {
  if (!(error instanceof ChatError)) return broken();
  if (error.kind !== "broken") return error;
  // A stream also breaks when the session ends; trying again would then be in vain.
  const session = await user().catch(() => undefined);
  if (session?.authenticated !== false) return error;
  panel.showSession(session);
  const message = "Your session ended before the answer did. Sign in again to go on.";
  return new ChatError("signed-out", message, false);
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

function startAnew() {
  running?.abort();
  running = undefined;
  conversation.forget();
  panel.clear();
}

function submit() {
  const text = panel.prompt.value.trim();
  if (text === "" || running || panel.isLocked) return;
  panel.prompt.value = "";
  void ask(text);
}

function listenToReader() {
  element("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  panel.prompt.addEventListener("keydown", (event) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  element("stop").addEventListener("click", () => running?.abort());
  element("retry").addEventListener("click", () => void retry());
  element("new-conversation").addEventListener("click", () => {
    startAnew();
    panel.prompt.focus();
  });
  for (const suggestion of document.querySelectorAll(".suggestion")) {
    suggestion.addEventListener("click", () => {
      panel.prompt.focus();
      void ask(suggestion.textContent ?? "");
    });
  }
  listenToSheet();
}

function listenToSheet() {
  element("sheet-toggle").addEventListener("click", () => {
    if (panel.isOpen) closeSheet();
    else openSheet();
  });
  element("skip-to-chat").addEventListener("click", (event) => {
    event.preventDefault();
    openSheet();
  });
  element("chat").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (panel.canStop) running?.abort();
    else if (panel.isOpen) closeSheet();
  });
}

function openSheet() {
  panel.isOpen = true;
  panel.focus();
}

function closeSheet() {
  panel.isOpen = false;
  panel.focus();
}

function listenToLeaving() {
  element("sign-out").addEventListener("submit", () => {
    startAnew();
    panel.prompt.value = "";
    panel.isOpen = false;
  });
  window.addEventListener("pagehide", keepVisit);
  // A page kept for the back button may show a conversation whose reader has signed out.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

/** Signing in leaves the page; the reader then goes on where they were. */
function keepVisit() {
  try {
    sessionStorage.setItem(DRAFT_KEY, panel.prompt.value);
    sessionStorage.setItem(SHEET_KEY, String(panel.isOpen));
  } catch {
    // Without storage an unsent question is lost on reload, nothing more.
  }
}

function restoreVisit() {
  try {
    panel.prompt.value = sessionStorage.getItem(DRAFT_KEY) ?? "";
    panel.isOpen = sessionStorage.getItem(SHEET_KEY) === "true";
  } catch {
    // As above.
  }
}
