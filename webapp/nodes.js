// @ts-check
/** What the modules build the page from. Text is only ever set as text. */

const SVG = "http://www.w3.org/2000/svg";

/** Drawings on a field of 20 by 20. @type {Record<string, string>} */
const DRAWINGS = {
  again: "M4 10a6 6 0 1 1 1.8 4.3M4 15.5v-3.2h3.2",
  bin: "M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  chevron: "m7.5 5 5 5-5 5",
  close: "m5.5 5.5 9 9m0-9-9 9",
  down: "M6.5 11V4H4v7zm0-.5 3 5.5a1.6 1.6 0 0 0 1.6-1.7V12h3.7a1.3 1.3 0 0 0 1.3-1.5l-.9-5A1.6 1.6 0 0 0 13.6 4H6.5",
  file: "M6 3h5.5L15 6.5V17H6zM11.5 3v3.5H15",
  list: "M7.5 5.5H16M7.5 10H16M7.5 14.5H16M4 5.5h.01M4 10h.01M4 14.5h.01",
  pencil: "m4.5 15.5.7-3.2 7.6-7.6a1.4 1.4 0 0 1 2 0l.5.5a1.4 1.4 0 0 1 0 2L7.7 14.8z",
  pointer: "m5 4 10.5 4.3-4.4 1.8-1.8 4.4z",
  sparkle: "M10 3.5 11.6 8.4 16.5 10 11.6 11.6 10 16.5 8.4 11.6 3.5 10 8.4 8.4z",
  up: "M6.5 9v7H4V9zm0 .5 3-5.5a1.6 1.6 0 0 1 1.6 1.7V8h3.7a1.3 1.3 0 0 1 1.3 1.5l-.9 5a1.6 1.6 0 0 1-1.6 1.5H6.5",
  wrench: "M12.5 3.7a4 4 0 0 0-4.8 5.2L3.8 12.8a1.6 1.6 0 0 0 0 2.3l1.1 1.1a1.6 1.6 0 0 0 2.3 0l3.9-3.9a4 4 0 0 0 5.2-4.8l-2.5 2.5-2.5-.7-.7-2.5z",
};

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[T]}
 */
export function node(tag, className = "", ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/**
 * A button that says what it does, in words or, with an icon, in a label.
 *
 * @param {string} label
 * @param {{icon?: string, className?: string, onClick?: (event: MouseEvent) => void}} [options]
 */
export function button(label, { icon: drawing, className = "button", onClick } = {}) {
  const made = node("button", className, drawing ? icon(drawing) : label);
  made.type = "button";
  if (drawing) made.title = label;
  if (drawing) made.setAttribute("aria-label", label);
  if (onClick) made.addEventListener("click", onClick);
  return made;
}

/**
 * @param {string} name of what is not known, a sparkle is shown
 */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", Object.hasOwn(DRAWINGS, name) ? DRAWINGS[name] : DRAWINGS.sparkle);
  drawing.append(path);
  return drawing;
}

/** @param {string} id */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/** @param {unknown} value what may come from anywhere */
export function string(value) {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** @param {unknown} value @returns {any[]} */
export function array(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${Math.round(kilo)} kB` : `${(kilo / 1000).toFixed(1)} MB`;
}

/**
 * An address on the page's own origin, or nothing: no other is asked for anything.
 *
 * @param {unknown} address
 */
export function ownUrl(address) {
  if (typeof address !== "string" || !URL.canParse(address, location.href)) return undefined;
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url.href : undefined;
}
