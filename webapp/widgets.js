// @ts-check
import { array, button, node, string } from "./nodes.js";

/**
 * @typedef {{type: string, payload: any, handler: "client" | "server", streaming: boolean}} WidgetAction
 * @typedef {(action: WidgetAction) => void} OnAction
 */

/** Deeper than any widget is meant to be. */
const MOST_LEVELS = 16;

const TEXTS = new Map([
  ["Title", "widget-title"],
  ["Text", "widget-text"],
  ["Markdown", "widget-text"],
  ["Caption", "widget-caption"],
  ["Label", "widget-caption"],
  ["Badge", "widget-badge"],
]);

/**
 * Draws the part of ChatKit's widget vocabulary that fits a small panel. Of a node that is not known
 * its text and its children are shown.
 *
 * @param {any} root
 * @param {OnAction} onAction
 * @returns {HTMLElement}
 */
export function drawWidget(root, onAction) {
  return draw(root, onAction, 0) ?? node("span");
}

/**
 * @param {any} part
 * @param {OnAction | undefined} onAction undefined within a button, which can hold no other
 * @param {number} level
 * @returns {HTMLElement | undefined}
 */
function draw(part, onAction, level) {
  if (part === null || typeof part !== "object" || level > MOST_LEVELS) return undefined;
  const type = string(part.type);
  const children = () =>
    array(part.children).map((child) => draw(child, onAction, level + 1)).filter((it) => it !== undefined);
  switch (type) {
    case "Card":
      return node("div", "card", ...children());
    case "ListView":
      return node("div", "list-view", ...children());
    case "ListViewItem":
      return listItem(part, onAction, level);
    case "Row":
      return node("span", "widget-row", ...children());
    case "Button":
      return actionButton(part, onAction);
    case "Divider":
      return node("hr");
    case "Spacer":
      return node("span", "widget-spacer");
    default:
      return node("span", TEXTS.get(type) ?? "widget-col", ...text(part), ...children());
  }
}

/** @param {any} part @param {OnAction | undefined} onAction @param {number} level */
function listItem(part, onAction, level) {
  const action = actionOf(part.onClickAction);
  const inner = action ? undefined : onAction;
  const content = array(part.children)
    .map((child) => draw(child, inner, level + 1))
    .filter((it) => it !== undefined);
  if (!action || !onAction) return node("div", "list-item", ...content);
  const item = node("button", "list-item waits", ...content);
  item.type = "button";
  item.addEventListener("click", () => onAction(action));
  return item;
}

/** @param {any} part @param {OnAction | undefined} onAction */
function actionButton(part, onAction) {
  const action = actionOf(part.onClickAction);
  const label = string(part.label) || "Go";
  if (!onAction) return node("span", "widget-text", label);
  const style = part.style === "primary" ? "button" : "button quiet";
  // What the page does alone need not wait for the end of an answer.
  const waits = action?.handler === "server" ? " waits" : "";
  const made = button(label, { className: style + waits });
  made.disabled = action === undefined || part.disabled === true;
  if (action) made.addEventListener("click", () => onAction(action));
  return made;
}

/** @param {any} action @returns {WidgetAction | undefined} */
function actionOf(action) {
  const type = string(action?.type);
  if (type === "") return undefined;
  return {
    type,
    payload: action.payload ?? {},
    handler: action.handler === "client" ? "client" : "server",
    streaming: action.streaming !== false,
  };
}

/** @param {any} part */
function text(part) {
  const shown = string(part.value) || string(part.label) || string(part.alt);
  return shown ? [shown] : [];
}
