// @ts-check
import { Tray } from "./attachments.js";
import { Conversation } from "./chat.js";
import { ChatKit } from "./chatkit.js";
import { Exchanges, whoIsHere } from "./exchanges.js";
import { configure } from "./gatehouse.js";
import { element } from "./nodes.js";
import { ChatError, expired } from "./operations.js";
import { HostPage } from "./page.js";
import { Panel } from "./panel.js";
import { Threads } from "./threads.js";

const DRAFT_KEY = "gatehouse.draft";
const SHEET_KEY = "gatehouse.sheet";

const conversation = new Conversation();
const chatKit = new ChatKit();
const panel = new Panel({
  askAgain: () => void exchanges.askAgain(),
  act: (entry, action) => void exchanges.act(entry, action).then(() => showPage(action.handler)),
  sendForm: (entry, form) => void exchanges.sendForm(entry.id, form),
  rate,
});
const exchanges = new Exchanges(conversation, panel, new HostPage(element("chat")));
const tray = new Tray((uploading) => (panel.isUploading = uploading));
const threads = new Threads({
  current: () => conversation.threadId,
  open: openThread,
  renamed: (thread) => {
    if (thread.id === conversation.threadId) panel.showThread(thread);
  },
  deleted: (id) => {
    if (id === conversation.threadId) startAnew();
  },
});

configure({ onUnauthorized: signedOut });
exchanges.onUnsent = (question) => {
  if (panel.prompt.value === "") panel.prompt.value = question.text;
  tray.putBack(question.attachments);
};
listenToReader();
listenToLeaving();
restoreVisit();
void exchanges.load("Loading…", begin);

/** ChatKit would show an error that nobody can act on; the built-in panel offers to sign in. */
function signedOut() {
  panel.showSession({ authenticated: false });
  threads.close();
  if (!chatKit.isShown) return;
  chatKit.remove();
  panel.showProblem(expired());
  panel.showIdle();
}

/** Finds out who is here and which panel to show, then brings an earlier conversation back. */
async function begin() {
  const session = await whoIsHere();
  panel.showSession(session);
  if (!session.authenticated) return;
  const state = await chatKit.show();
  if (state === "shown" || state === "removed") return;
  if (state === "failed") panel.showStandIn();
  await bringBack();
}

async function bringBack() {
  const id = conversation.threadId;
  const history = await conversation.history();
  if (history && conversation.threadId !== id) return; // the reader has gone on
  panel.transcript.clear();
  if (history) panel.showHistory(history);
}

/** @param {string} id */
function openThread(id) {
  exchanges.leave();
  panel.clear();
  conversation.open(id);
  threads.close();
  void exchanges.load("Loading…", bringBack);
}

function startAnew() {
  exchanges.leave();
  conversation.forget();
  panel.clear();
}

async function showEarlier() {
  const id = conversation.threadId;
  const earlier = element("earlier");
  if (earlier.getAttribute("aria-disabled") === "true") return;
  earlier.setAttribute("aria-disabled", "true");
  try {
    const page = await conversation.earlier();
    if (conversation.threadId !== id) return;
    panel.showEarlier(page.items);
    panel.hasEarlier = page.hasEarlier;
  } catch (error) {
    if (error instanceof ChatError) panel.showNotice("warning", error.message);
  } finally {
    earlier.removeAttribute("aria-disabled");
  }
}

/** @param {import("./items.js").Entry} entry @param {"positive" | "negative"} kind */
async function rate(entry, kind) {
  try {
    await conversation.rate(entry.id, kind);
  } catch (error) {
    if (error instanceof ChatError) panel.showNotice("warning", error.message);
    throw error;
  }
}

/** What is shown on the page cannot be seen under the sheet. @param {string} handler */
function showPage(handler) {
  if (handler === "client" && panel.isOpen) closeSheet();
}

function submit() {
  const text = panel.prompt.value.trim();
  if ((text === "" && !tray.hasReady) || !exchanges.isReady || tray.isUploading) return;
  panel.prompt.value = "";
  void exchanges.ask({ text, attachments: tray.take() });
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
  element("stop").addEventListener("click", () => exchanges.stop());
  element("retry").addEventListener("click", () => void exchanges.retry());
  element("earlier").addEventListener("click", () => void showEarlier());
  for (const id of ["new-conversation", "new-after-closed"]) {
    element(id).addEventListener("click", () => {
      threads.close();
      startAnew();
      panel.prompt.focus();
    });
  }
  for (const suggestion of document.querySelectorAll(".suggestion")) {
    suggestion.addEventListener("click", () => {
      panel.prompt.focus();
      void exchanges.ask({ text: suggestion.textContent ?? "", attachments: tray.take() });
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
    if (threads.isOpen) threads.close();
    else if (panel.canStop) exchanges.stop();
    else if (panel.isOpen) closeSheet();
  });
}

function openSheet() {
  panel.isOpen = true;
  panel.focus();
}

function closeSheet() {
  threads.close();
  panel.isOpen = false;
  panel.focus();
}

function listenToLeaving() {
  element("sign-out").addEventListener("submit", () => {
    startAnew();
    tray.clear();
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
