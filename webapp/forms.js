// @ts-check
import { array, button, element, node, string } from "./nodes.js";

/**
 * @typedef {import("./operations.js").FormAnswer} FormAnswer
 * @typedef {import("./operations.js").FormInput} FormInput
 * @typedef {import("./operations.js").Item} Item
 */

let forms = 0;

/** Questions of the assistant: a form until they are answered, then what was answered. */
export class FormView {
  element = node("div", "card");
  #send;
  #name = `form-${++forms}`;
  #shown = "";

  /** @param {(form: FormInput) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {Item} item */
  show(item) {
    const shown = JSON.stringify([item.status, item.inputs]);
    // What the reader has filled in is not drawn anew for nothing.
    if (shown === this.#shown) return;
    this.#shown = shown;
    const inputs = array(item.inputs).filter((input) => string(input?.id) !== "");
    const pending = item.status === "pending";
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren(pending ? this.#form(inputs) : answers(item.status, inputs));
    if (hadFocus) element("prompt").focus();
  }

  /** @param {any[]} inputs */
  #form(inputs) {
    const form = node("form", "form");
    const fields = node("fieldset", "fields");
    const hint = node("p", "form-hint");
    hint.setAttribute("role", "alert");
    const send = node("button", "button waits", "Send answers");
    const skip = button("Skip", { className: "button quiet waits" });
    skip.addEventListener("click", () => this.#send({ status: "skipped", answers: {} }));
    const questions = inputs.map((input, index) => new Question(input, `${this.#name}-${index}`));
    fields.append(...questions.map((it) => it.element), hint, node("div", "widget-row", send, skip));
    fields.setAttribute("aria-label", "Questions of the assistant");
    form.append(fields);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = questions.map((it) => [it.id, it.answer]);
      const isEmpty = questions.every((it) => it.answer.skipped);
      hint.textContent = isEmpty ? "Answer at least one question, or skip." : "";
      if (!isEmpty) this.#send({ status: "answered", answers: Object.fromEntries(given) });
    });
    return form;
  }
}

class Question {
  /** @type {HTMLElement} */
  element;
  /** @type {(HTMLInputElement | HTMLTextAreaElement)[]} */
  #fields;

  /** @param {any} input @param {string} name */
  constructor(input, name) {
    this.id = string(input.id);
    const words = string(input.question) || "Your answer";
    const options = array(input.options);
    if (input.type === "multiple_choice" && options.length > 0) {
      const type = input.multiple === true ? "checkbox" : "radio";
      this.#fields = options.map((option) => choice(option, type, name));
      const labels = options.map((option, index) =>
        node("label", "choice", this.#fields[index], node("span", "", optionText(option))),
      );
      this.element = node("fieldset", "choices", node("legend", "", words), ...labels);
    } else {
      const field = node("textarea");
      field.rows = 2;
      field.maxLength = 4000;
      this.#fields = [field];
      this.element = node("label", "written", node("span", "", words), field);
    }
  }

  /** @returns {FormAnswer} */
  get answer() {
    const values = this.#fields
      .filter((field) => !(field instanceof HTMLInputElement) || field.checked)
      .map((field) => field.value.trim())
      .filter((value) => value !== "");
    return { values, skipped: values.length === 0 };
  }
}

/** @param {any} option @param {"radio" | "checkbox"} type @param {string} name */
function choice(option, type, name) {
  const field = node("input");
  field.type = type;
  field.name = name;
  field.value = string(option?.value);
  return field;
}

/** @param {any} option */
function optionText(option) {
  return string(option?.label) || string(option?.value);
}

/** @param {string} status @param {any[]} inputs */
function answers(status, inputs) {
  if (status === "skipped") return node("p", "widget-caption", "You skipped these questions.");
  const list = node("dl", "answers");
  for (const input of inputs) {
    const values = array(input.answer?.values).map(string).filter((value) => value !== "");
    list.append(
      node("dt", "", string(input.question)),
      node("dd", values.length > 0 ? "" : "none", values.join(", ") || "Not answered"),
    );
  }
  return list;
}
