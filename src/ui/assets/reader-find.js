// Find in the edition: marks every match and walks them. The text is left as it is; matches are ranges that the browser
// paints (CSS Custom Highlight API), and the one in hand is selected where it cannot.

import { byId } from "./dom.js";

const MOST = 2000; // matches that are marked
const PATIENCE = 120; // milliseconds after the last key before a long text is searched

const field = /** @type {HTMLInputElement} */ (byId("find"));
const told = byId("found");
const paints = typeof Highlight === "function" && CSS.highlights !== undefined;

/** @type {Range[]} */
let matches = [];
let at = -1;
let waiting = 0;
/** @type {{text: string, nodes: Text[], starts: number[]} | null} */
let index = null;

/** The text of the edition in small letters, with where each text node begins; blocks are parted by line breaks. */
function read() {
  if (index) return index;
  const walker = document.createTreeWalker(document.querySelector(".prose") ?? document.body, NodeFilter.SHOW_TEXT, (node) => (node.parentElement?.closest(".page") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  /** @type {Text[]} */
  const nodes = [];
  /** @type {number[]} */
  const starts = [];
  let text = "";
  /** @type {Element | null} */
  let block = null;
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    const own = node.parentElement?.closest("p, li, h2, h3, h4, h5, h6, .note") ?? null;
    if (own !== block && text) text += "\n";
    block = own;
    nodes.push(node);
    starts.push(text.length);
    text += small(node.data);
  }
  index = { text, nodes, starts };
  return index;
}

/** Small letters and plain spaces, with every character where it was. @param {string} text */
function small(text) {
  const lower = text.toLowerCase();
  return (lower.length === text.length ? lower : text).replace(/[\s\u00a0]/g, " ").replace(/[’‘]/g, "'").replace(/[–−]/g, "-");
}

/** The range of a match. @param {number} start  @param {number} end */
function range(start, end) {
  const { nodes, starts } = read();
  const node = (point) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const [first, last] = [node(start), node(end - 1)];
  const made = document.createRange();
  made.setStart(nodes[first], Math.min(start - starts[first], nodes[first].length));
  made.setEnd(nodes[last], Math.min(end - starts[last], nodes[last].length));
  return made;
}

function search() {
  const wanted = small(field.value.trim());
  matches = [];
  at = -1;
  if (wanted) {
    const { text } = read();
    for (let from = text.indexOf(wanted); from >= 0 && matches.length < MOST; from = text.indexOf(wanted, from + wanted.length)) matches.push(range(from, from + wanted.length));
  }
  paint();
  if (!wanted) told.textContent = "\u00a0";
  else if (!matches.length) told.textContent = "Not in this edition";
  else {
    // The first match at or below what is in view.
    const below = matches.findIndex((one) => one.getBoundingClientRect().top > 0);
    show(Math.max(below, 0));
  }
}

function paint() {
  if (!paints) return;
  CSS.highlights.set("found", new Highlight(...matches));
  CSS.highlights.delete("found-here");
}

/** @param {number} to */
function show(to) {
  at = to;
  const here = matches[at];
  if (paints) CSS.highlights.set("found-here", new Highlight(here));
  else {
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(here.cloneRange());
  }
  told.textContent = `${at + 1} of ${matches.length}${matches.length === MOST ? " or more" : ""}`;
  const box = here.getBoundingClientRect();
  if (box.top < 48 || box.bottom > innerHeight - 96) scrollBy({ top: box.top - innerHeight / 3 });
}

/** Goes to the next or previous match, round the end. @param {number} by */
export function walk(by) {
  clearTimeout(waiting);
  if (waiting) search();
  waiting = 0;
  if (!matches.length) return false;
  show((at + by + matches.length) % matches.length);
}

/** Forgets what was looked for. */
export function clear() {
  field.value = "";
  search();
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    waiting = 0;
    search();
  }, PATIENCE);
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (waiting) {
    clearTimeout(waiting);
    waiting = 0;
    search();
  } else walk(event.shiftKey ? -1 : 1);
});
