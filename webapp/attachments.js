// @ts-check
import { button, element, icon, node, ownUrl, size } from "./nodes.js";
import { announce, deleteAttachment, upload } from "./operations.js";

/**
 * @typedef {import("./operations.js").Attachment} Attachment
 * @typedef {"uploading" | "ready" | "failed"} State
 */

const MOST_FILES = 10;

/** The files that go with the next question, from their choice to their place on the server. */
export class Tray {
  #list = element("tray");
  #status = element("tray-status");
  #input = /** @type {HTMLInputElement} */ (element("files"));
  #attach = /** @type {HTMLButtonElement} */ (element("attach"));
  /** @type {Set<Chip>} */
  #chips = new Set();
  #onChange;

  /** @param {(uploading: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#attach.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => {
      this.add([...(this.#input.files ?? [])]);
      this.#input.value = ""; // so that the same file can be chosen again
    });
    this.#listenToDrops(element("chat"));
    element("prompt").addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) event.preventDefault();
      this.add(files);
    });
  }

  get isUploading() {
    return [...this.#chips].some((chip) => chip.state === "uploading");
  }

  get hasReady() {
    return this.#ready.length > 0;
  }

  /** @param {File[]} files */
  add(files) {
    if (this.#attach.disabled) return;
    const room = MOST_FILES - this.#chips.size;
    for (const file of files.slice(0, room)) void this.#send(file);
    if (files.length > room) this.#say(`Not more than ${MOST_FILES} files go with a message.`);
  }

  /** Gives what is uploaded, to be sent; what is not stays. */
  take() {
    const ready = this.#ready;
    ready.forEach((chip) => this.#remove(chip));
    return ready.map((chip) => /** @type {Attachment} */ (chip.attachment));
  }

  /** Takes back what could not be sent. @param {Attachment[]} attachments */
  putBack(attachments) {
    for (const attachment of attachments) {
      const chip = this.#chip(attachment.name, attachment.metadata?.size ?? 0);
      chip.complete(attachment);
    }
    this.#changed();
  }

  clear() {
    for (const chip of this.#chips) {
      chip.control.abort();
      this.#remove(chip);
    }
  }

  get #ready() {
    return [...this.#chips].filter((chip) => chip.state === "ready");
  }

  /** @param {File} file */
  async #send(file) {
    const chip = this.#chip(file.name, file.size);
    this.#changed();
    try {
      const { upload_descriptor: destination, ...attachment } = await announce(file);
      chip.attachment = attachment;
      if (chip.control.signal.aborted) return chip.forget();
      await upload(destination, file, chip.control.signal);
      chip.complete(attachment);
      this.#say(`${file.name} is uploaded.`);
    } catch (error) {
      if (chip.control.signal.aborted) return;
      chip.fail(error instanceof Error ? error.message : String(error));
      this.#say(`${file.name} could not be uploaded.`);
    }
    this.#changed();
  }

  /** @param {string} name @param {number} bytes */
  #chip(name, bytes) {
    const chip = new Chip(name, bytes, () => {
      chip.control.abort();
      chip.forget();
      this.#remove(chip);
      element("prompt").focus();
    });
    this.#chips.add(chip);
    this.#list.append(chip.element);
    return chip;
  }

  /** @param {Chip} chip */
  #remove(chip) {
    this.#chips.delete(chip);
    chip.element.remove();
    this.#changed();
  }

  #changed() {
    this.#list.hidden = this.#chips.size === 0;
    this.#onChange(this.isUploading);
  }

  /** @param {string} text */
  #say(text) {
    this.#status.textContent = text;
  }

  /** @param {HTMLElement} chat */
  #listenToDrops(chat) {
    const carriesFiles = (/** @type {DragEvent} */ event) =>
      !this.#attach.disabled && event.dataTransfer?.types.includes("Files");
    chat.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      chat.dataset.drop = "true";
    });
    chat.addEventListener("dragleave", (event) => {
      if (!chat.contains(/** @type {Node | null} */ (event.relatedTarget))) delete chat.dataset.drop;
    });
    chat.addEventListener("drop", (event) => {
      delete chat.dataset.drop;
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

class Chip {
  control = new AbortController();
  /** @type {Attachment | undefined} */
  attachment;
  /** @type {State} */
  state = "uploading";
  element = node("li", "chip");
  #picture = node("span", "chip-picture", node("span", "spinner"));
  #detail = node("span", "chip-detail", "Uploading…");
  #size;

  /** @param {string} name @param {number} bytes @param {() => void} onRemove */
  constructor(name, bytes, onRemove) {
    this.#size = size(bytes);
    const title = node("span", "chip-name", name);
    title.title = name;
    const remove = button(`Remove ${name}`, { icon: "close", className: "tool", onClick: onRemove });
    this.element.append(this.#picture, node("span", "chip-words", title, this.#detail), remove);
    this.#set("uploading", `${this.#size} · Uploading…`);
  }

  /** @param {Attachment} attachment */
  complete(attachment) {
    this.attachment = attachment;
    this.#set("ready", this.#size);
    const preview = ownUrl(attachment.preview_url);
    if (!preview) return this.#picture.replaceChildren(icon("file"));
    const image = node("img");
    image.src = preview;
    image.alt = "";
    this.#picture.replaceChildren(image);
  }

  /** @param {string} reason */
  fail(reason) {
    this.#set("failed", reason);
    this.#detail.title = reason;
    this.#picture.replaceChildren(icon("close"));
  }

  /** Has the server forget the file; what it keeps nevertheless is no concern of the reader. */
  forget() {
    if (this.attachment) deleteAttachment(this.attachment.id).catch(() => {});
  }

  /** @param {State} state @param {string} detail */
  #set(state, detail) {
    this.state = state;
    this.element.dataset.state = state;
    this.#detail.textContent = detail;
  }
}
