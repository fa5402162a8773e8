// @ts-check
import { events, fetch } from "./gatehouse.js";

/**
 * ChatKit's protocol: its requests, what they are answered with, and how each can fail. Nothing is
 * remembered here.
 *
 * @typedef {{id: string, name: string, mime_type: string, preview_url?: string, metadata?: {size?: number}}} Attachment
 * @typedef {{url: string, method: string, headers?: Record<string, string>}} UploadDescriptor
 * @typedef {{id: string, type: string} & Record<string, any>} Item
 * @typedef {{type: string, reason?: string | null}} Status
 * @typedef {{id: string, title?: string | null, created_at?: string, status?: Status, items?: Page<Item>}} Thread
 * @typedef {{type: string, payload?: any}} Action
 * @typedef {{values: string[], skipped: boolean}} FormAnswer
 * @typedef {{status: "answered" | "skipped", answers: Record<string, FormAnswer>}} FormInput
 * @typedef {{text: string, attachments: Attachment[]}} Question
 * @typedef {{type: string} & Record<string, any>} ChatEvent
 * @typedef {{sentWith: string[], events: AsyncGenerator<ChatEvent, void, undefined>}} Answer
 */

/**
 * @template T
 * @typedef {{data: T[], has_more?: boolean, after?: string | null}} Page
 */

const ENDPOINT = "/api/chatkit";
const THREADS_AT_ONCE = 20;
const ITEMS_AT_ONCE = 40;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/** Why an exchange failed, in words for the reader. */
export class ChatError extends Error {
  /**
   * @param {"signed-out" | "unknown-thread" | "refused" | "unreachable" | "broken"} kind
   * @param {string} message
   * @param {boolean} retry whether asking again can help
   */
  constructor(kind, message, retry) {
    super(message);
    this.kind = kind;
    this.retry = retry;
  }
}

/**
 * Threads, newest first.
 *
 * @param {string | null} [after] where the page before this one ended
 * @returns {Promise<Page<Thread>>}
 */
export function listThreads(after) {
  return lookUp("threads.list", { limit: THREADS_AT_ONCE, order: "desc", after: after ?? null });
}

/**
 * A thread with its first items.
 *
 * @param {string} id
 * @returns {Promise<Thread>}
 */
export function threadById(id) {
  return lookUp("threads.get_by_id", { thread_id: id });
}

/**
 * Items of a thread, newest first.
 *
 * @param {string} id
 * @param {string | null} [after] where the page before this one ended
 * @returns {Promise<Page<Item>>}
 */
export function listItems(id, after) {
  const params = { thread_id: id, limit: ITEMS_AT_ONCE, order: "desc", after: after ?? null };
  return lookUp("items.list", params);
}

/** @param {string} id @param {string} title @returns {Promise<Thread>} */
export function renameThread(id, title) {
  return lookUp("threads.update", { thread_id: id, title });
}

/** @param {string} id */
export function deleteThread(id) {
  return lookUp("threads.delete", { thread_id: id });
}

/** @param {string} threadId @param {string} itemId @param {"positive" | "negative"} kind */
export function rate(threadId, itemId, kind) {
  return lookUp("items.feedback", { thread_id: threadId, item_ids: [itemId], kind });
}

/**
 * Has an action done that is not answered with events.
 *
 * @param {string} threadId
 * @param {string} itemId the widget's
 * @param {Action} action
 * @returns {Promise<Item | undefined>} the widget as it is now, if it has changed
 */
export async function actAtOnce(threadId, itemId, action) {
  const params = { thread_id: threadId, item_id: itemId, action };
  return (await lookUp("threads.sync_custom_action", params)).updated_item;
}

/** @param {File} file @returns {Promise<Attachment & {upload_descriptor: UploadDescriptor}>} */
export function announce(file) {
  const type = file.type || "application/octet-stream";
  return lookUp("attachments.create", { name: file.name, size: file.size, mime_type: type });
}

/** @param {string} id */
export function deleteAttachment(id) {
  return lookUp("attachments.delete", { attachment_id: id });
}

/**
 * Puts a file where the server has said.
 *
 * @param {UploadDescriptor} destination
 * @param {File} file
 * @param {AbortSignal} signal
 */
export async function upload(destination, file, signal) {
  const { url, method, headers } = destination;
  const response = await reach(url, { method, headers, body: file, signal }, signal);
  if (!response.ok) throw await refusal(response, false);
}

/** @param {Question} question @param {AbortSignal} signal */
export function createThread(question, signal) {
  return stream("threads.create", { input: input(question) }, signal);
}

/** @param {string} threadId @param {Question} question @param {AbortSignal} signal */
export function addQuestion(threadId, question, signal) {
  const params = { thread_id: threadId, input: input(question) };
  return stream("threads.add_user_message", params, signal);
}

/**
 * Has a question answered anew; the server drops what followed it.
 *
 * @param {string} threadId
 * @param {string} itemId the question's
 * @param {AbortSignal} signal
 */
export function askAgain(threadId, itemId, signal) {
  return stream("threads.retry_after_item", { thread_id: threadId, item_id: itemId }, signal);
}

/** @param {string} threadId @param {string} itemId @param {FormInput} form @param {AbortSignal} signal */
export function sendForm(threadId, itemId, form, signal) {
  const params = { thread_id: threadId, item_id: itemId, input: form };
  return stream("threads.add_structured_input", params, signal);
}

/** @param {string} threadId @param {unknown} result @param {AbortSignal} signal */
export function sendToolOutput(threadId, result, signal) {
  return stream("threads.add_client_tool_output", { thread_id: threadId, result }, signal);
}

/** @param {string} threadId @param {string} itemId @param {Action} action @param {AbortSignal} signal */
export function act(threadId, itemId, action, signal) {
  return stream("threads.custom_action", { thread_id: threadId, item_id: itemId, action }, signal);
}

/** @param {Question} question */
function input({ text, attachments }) {
  return {
    content: text === "" ? [] : [{ type: "input_text", text }],
    quoted_text: "",
    attachments: attachments.map((attachment) => attachment.id),
    inference_options: {},
  };
}

/**
 * @param {string} type
 * @param {object} params
 * @returns {Promise<any>}
 */
async function lookUp(type, params) {
  const response = await post(type, params, "application/json");
  try {
    return await response.json();
  } catch {
    throw broken();
  }
}

/**
 * @param {string} type
 * @param {object} params
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
async function stream(type, params, signal) {
  const response = await post(type, params, "text/event-stream", signal);
  if (!/^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "")) throw broken();
  return {
    sentWith: (response.headers.get("X-Gatehouse-Context") ?? "").match(/[^\s,]+/g) ?? [],
    events: read(response, signal),
  };
}

/**
 * @param {Response} response
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ChatEvent, void, undefined>}
 */
async function* read(response, signal) {
  try {
    for await (const { data } of events(response, { signal })) yield JSON.parse(data);
  } catch (error) {
    throw signal.aborted ? error : broken();
  }
}

/**
 * @param {string} type
 * @param {object} params
 * @param {string} accept
 * @param {AbortSignal} [signal]
 */
async function post(type, params, accept, signal) {
  const headers = { "Content-Type": "application/json", Accept: accept };
  const body = JSON.stringify({ type, params });
  const response = await reach(ENDPOINT, { method: "POST", headers, body, signal }, signal);
  if (!response.ok) throw await refusal(response, "thread_id" in params);
  return response;
}

/** @param {string} url @param {RequestInit} init @param {AbortSignal} [signal] */
async function reach(url, init, signal) {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw signal?.aborted ? error : unreachable();
  }
}

/**
 * @param {Response} response
 * @param {boolean} inThread
 */
async function refusal(response, inThread) {
  if (response.status === 401) return expired();
  if (response.status === 404 && inThread) {
    return new ChatError("unknown-thread", "This conversation no longer exists.", true);
  }
  const problem = await response.json().catch(() => ({}));
  const reason =
    text(problem?.detail) || text(problem?.title) || `The server answered ${response.status}.`;
  const reference = text(problem?.requestId);
  const message = reference ? `${reason} (Reference ${reference})` : reason;
  return new ChatError("refused", message, RETRYABLE.has(response.status));
}

export function expired() {
  return new ChatError("signed-out", "Your session has expired. Sign in again to go on.", false);
}

export function unreachable() {
  const message = "The server cannot be reached. Check your connection.";
  return new ChatError("unreachable", message, true);
}

export function broken() {
  return new ChatError("broken", "The connection broke before the answer was complete.", true);
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.trim() : "";
}
