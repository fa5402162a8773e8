// @ts-check
/**
 * Shows the text of an answer as paragraphs and lists. Nothing else is interpreted, and all of it
 * is set as text, so that no answer can bring markup onto the page.
 *
 * Blocks that did not change are left alone: a reader may be selecting in them while the answer
 * grows.
 *
 * @param {Element} place
 * @param {string} text
 */
export function showProse(place, text) {
  const blocks = split(text);
  while (place.childElementCount > blocks.length) place.lastElementChild?.remove();
  blocks.forEach((block, index) => {
    const known = place.children[index];
    if (known?.tagName === block.tag) return fill(known, block.lines);
    const element = document.createElement(block.tag);
    fill(element, block.lines);
    if (known) known.replaceWith(element);
    else place.append(element);
  });
}

/**
 * A list is a run of lines that begin with a dash; a paragraph is what lies between lists and empty
 * lines.
 *
 * @param {string} text
 */
function split(text) {
  /** @type {{tag: "P" | "UL", lines: string[]}[]} */
  const blocks = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    const tag = /^[-*] /.test(line) ? "UL" : "P";
    const last = blocks.at(-1);
    if (line.trim() === "") open = false;
    else if (open && last?.tag === tag) last.lines.push(line);
    else {
      open = true;
      blocks.push({ tag, lines: [line] });
    }
  }
  return blocks;
}

/** @param {Element} element @param {string[]} lines */
function fill(element, lines) {
  if (element.tagName === "P") return write(element, lines.join("\n"));
  while (element.childElementCount > lines.length) element.lastElementChild?.remove();
  lines.forEach((line, index) => {
    const item = element.children[index] ?? element.appendChild(document.createElement("li"));
    write(item, line.slice(2));
  });
}

/** @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
