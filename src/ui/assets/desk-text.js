// The response as a page of text: rendered once, in pieces that claims colour. The API counts code points, the page UTF-16
// units; the text of the page is that of the response, character for character.

import { el } from "./dom.js";
import { offsets } from "./text.js";

/** @typedef {import("./desk-state.js").Claim} Claim */

let text = "";
/** Unit at which each code point begins. @type {number[]} */
let points = [];
/** Unit at which each text node of the page begins. @type {WeakMap<Node, number>} */
const starts = new WeakMap();
/** @typedef {{start: number, end: number, node: HTMLElement, cells: Span[] | null}} Block a line; `cells` where it is a row of a table */
/** @typedef {{start: number, end: number, inner: [number, number]}} Span units, with and without the marks around the words */
/** @type {Block[]} */
let blocks = [];
/** @typedef {{start: number, end: number, node: HTMLElement, claims: string[]}} Piece */
/** @type {Map<string, Piece[]>} */
const byClaim = new Map();
/** @type {WeakMap<Node, Piece>} */
const ofNode = new WeakMap();

export const unitOf = (point) => points[Math.min(Math.max(point, 0), points.length - 1)];

/** The code point that begins at or before a unit. @param {number} unit */
export function pointOf(unit) {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (points[middle] <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const whole = () => text;
export const pieceOf = (node) => ofNode.get(node);
export const piecesOf = (id) => byClaim.get(id) ?? [];

/** The first piece of a claim that is seen: a mark before it is not. @param {string | null} id */
export function headOf(id) {
  const pieces = piecesOf(id ?? "");
  return pieces.find((one) => !one.node.classList.contains("md")) ?? pieces[0];
}

const KINDS = [
  ["heading", /^(\s{0,3}#{1,6}\s+)/],
  ["item", /^(\s*[-*+•]\s+)/],
  ["numbered", /^(\s*\d{1,3}[.)]\s+)/],
  ["cited", /^(\s{0,3}>\s?)/],
  ["row", /^(\s*\|)/],
];

/** What a line is, and how much of it is the mark that says so. @param {string} line */
function kind(line) {
  for (const [name, wanted] of /** @type {[string, RegExp][]} */ (KINDS)) {
    const found = wanted.exec(line);
    if (found) return { name, mark: found[1].length };
  }
  return { name: "para", mark: 0 };
}

/** The cells of a line of a table; bars and the space around them are marks. @param {string} line  @param {number} at  @returns {Span[]} */
function cellsOf(line, at) {
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map((hit) => hit.index);
  const closed = bars.length > 1 && !line.slice(bars[bars.length - 1] + 1).trim();
  const opens = closed ? bars.slice(0, -1) : bars;
  return opens.map((bar, index) => {
    const start = index ? bar : 0;
    const end = opens[index + 1] ?? line.length;
    const stop = closed && index === opens.length - 1 ? bars[bars.length - 1] : end;
    const words = line.slice(bar + 1, stop);
    const from = bar + 1 + words.length - words.trimStart().length;
    return { start: at + start, end: at + end, inner: [at + from, at + Math.max(from, bar + 1 + words.trimEnd().length)] };
  });
}

/** Whether a line is the rule between the heads of a table and its rows. @param {string} line */
const isRule = (line) => line.includes("-") && /^[\s|:-]+$/.test(line);

/** Lines that follow one another with bars at their beginning are one table. @param {Block[]} all  @returns {HTMLElement[]} */
function tables(all) {
  /** @type {HTMLElement[]} */
  const shown = [];
  /** @type {Block | null} */
  let before = null;
  for (const block of all) {
    if (!block.cells) shown.push(block.node);
    else if (before?.cells && block.start === before.end + 1) shown[shown.length - 1].append(block.node);
    else shown.push(el("div.table", { role: "table" }, block.node));
    before = block;
  }
  for (const table of shown) if (table.getAttribute("role") === "table") heads(table);
  return shown;
}

/** The first line of a table holds its heads where a rule follows; the rule is drawn, its signs are not. @param {HTMLElement} table */
function heads(table) {
  const [first, second] = table.children;
  if (!second || !isRule(second.textContent ?? "")) return;
  first.classList.add("heads");
  for (const cell of first.children) cell.setAttribute("role", "columnheader");
  second.classList.add("rule");
  second.removeAttribute("role");
}

/** Bold words of Markdown and their marks, within a line. @param {string} line  @param {number} at  @returns {Span[]} */
function bold(line, at) {
  const found = [];
  for (const hit of line.matchAll(/(\*\*|__)(?=\S)([^*_\n]{1,400}?)\1/g)) {
    const start = at + hit.index;
    found.push({ start, end: start + hit[0].length, inner: [start + 2, start + hit[0].length - 2] });
  }
  return found;
}

/** The text as blocks, one for each line that has words. @param {string} given  @param {HTMLElement} into  @param {Claim[]} claims */
export function render(given, into, claims) {
  text = given;
  points = offsets(given);
  blocks = [];
  let at = 0;
  for (const line of given.split("\n")) {
    const { name } = kind(line);
    const row = name === "row";
    if (line.trim()) blocks.push({ start: at, end: at + line.length, node: el(`div.block.${name}`, row ? { role: "row" } : null), cells: row ? cellsOf(line, at) : null });
    at += line.length + 1;
  }
  byClaim.clear();
  const near = spans(claims);
  for (const block of blocks) fill(block, near);
  into.replaceChildren(...tables(blocks));
}

/** Claims as units, in order. @param {Claim[]} claims */
const spans = (claims) => claims.map((one) => ({ id: one.id, start: unitOf(one.start), end: unitOf(one.end) }));

/** Renders anew only the blocks that changed claims touch. @param {Claim[]} claims  @param {number} from  @param {number} to units */
export function rerender(claims, from, to) {
  const all = spans(claims);
  const hit = blocks.filter((block) => block.start < to && from < block.end);
  if (!hit.length) return;
  const [low, high] = [hit[0].start, hit[hit.length - 1].end];
  for (const [id, pieces] of byClaim) {
    const kept = pieces.filter((piece) => piece.end <= low || piece.start >= high);
    if (kept.length) byClaim.set(id, kept);
    else byClaim.delete(id);
  }
  for (const block of hit) fill(block, all);
  for (const pieces of byClaim.values()) pieces.sort((one, other) => one.start - other.start);
}

/** @param {Block} block  @param {{id: string, start: number, end: number}[]} claims */
function fill(block, claims) {
  const line = text.slice(block.start, block.end);
  const within = claims.filter((one) => one.start < block.end && block.start < one.end);
  const strong = bold(line, block.start);
  const cells = block.cells ?? [];
  const mark = block.start + (block.cells ? 0 : kind(line).mark);
  const inside = (unit) => Math.min(Math.max(unit, block.start), block.end);
  const seams = [block.start, block.end, mark, ...within.flatMap((one) => [inside(one.start), inside(one.end)]), ...[...strong, ...cells].flatMap((one) => [one.start, ...one.inner, one.end])];
  const cuts = [...new Set(seams)].sort((one, other) => one - other);
  const places = cells.map(() => el("div.cell", { role: block.node.classList.contains("heads") ? "columnheader" : "cell" }));
  block.node.replaceChildren(...places);
  for (let index = 0; index + 1 < cuts.length; index++) {
    const [start, end] = [cuts[index], cuts[index + 1]];
    const around = strong.find((one) => one.start <= start && end <= one.end);
    const at = cells.findIndex((one) => one.start <= start && end <= one.end);
    const outside = (one) => one && (end <= one.inner[0] || start >= one.inner[1]);
    const sign = end <= mark || outside(around) || outside(cells[at]);
    const names = within.filter((one) => one.start <= start && end <= one.end).map((one) => one.id);
    (places[at] ?? block.node).append(piece(start, end, names, sign ? ".md" : around ? ".strong" : ""));
  }
}

/** @param {number} start  @param {number} end  @param {string[]} claims  @param {string} look */
function piece(start, end, claims, look) {
  const words = document.createTextNode(text.slice(start, end));
  starts.set(words, start);
  if (!claims.length && !look) return words;
  const node = el(`span${look}`, null, words);
  if (!claims.length) return node;
  const made = { start, end, node, claims };
  ofNode.set(node, made);
  for (const id of claims) byClaim.set(id, [...(byClaim.get(id) ?? []), made]);
  return node;
}

/** The unit at a place of the page, as ranges and carets name it. @param {Node} node  @param {number} offset  @returns {number | null} */
export function unitAt(node, offset) {
  const known = starts.get(node);
  if (known !== undefined) return known + Math.min(offset, node.textContent?.length ?? 0);
  const after = node.childNodes[offset];
  const first = after && firstText(after);
  if (first) return starts.get(first) ?? null;
  let last = null;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) last = walker.currentNode;
  const start = last ? starts.get(last) : undefined;
  return last && start !== undefined ? start + (last.textContent?.length ?? 0) : null;
}

/** @param {Node} node */
const firstText = (node) => (node.nodeType === Node.TEXT_NODE ? node : document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode());

/** A range of the page for units. @param {number} start  @param {number} end */
export function rangeOf(start, end) {
  const range = document.createRange();
  const [from, to] = [placeOf(start, false), placeOf(end, true)];
  if (!from || !to) return null;
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return range;
}

/** @param {number} unit  @param {boolean} ending */
function placeOf(unit, ending) {
  const block = ending ? blocks.findLast((one) => one.start < unit) : blocks.find((one) => unit < one.end);
  if (!block) return null;
  const walker = document.createTreeWalker(block.node, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const start = starts.get(node) ?? 0;
    const end = start + (node.textContent?.length ?? 0);
    if (ending ? unit <= end : unit < end) return { node, offset: Math.max(unit - start, 0) };
  }
  return null;
}

/** What stands around a span: the nearest heading above and the lines that hold it. @param {number} start  @param {number} end units */
export function contextOf(start, end) {
  const first = blocks.findIndex((one) => one.end > start);
  const heading = blocks.slice(0, Math.max(first, 0)).findLast((one) => one.node.classList.contains("heading"));
  const lines = blocks.filter((one) => one.start < end && start < one.end);
  const plain = (block) => text.slice(block.start, block.end).replace(/^\s*(#{1,6}|[-*+•]|\d{1,3}[.)])\s+/, "").replaceAll("**", "");
  return [heading, ...lines].filter((block) => block !== undefined).map(plain).join("\n").slice(0, 2000);
}

/** The words of the text with their units; the bars of tables are none. @returns {{start: number, end: number}[]} */
export function wordSpans() {
  const hits = [...text.matchAll(/[\p{L}\p{N}][^\s]*|[^\s]+/gu)].filter((hit) => !/^[|:-]*\|[|:-]*$/.test(hit[0]));
  return hits.map((hit) => ({ start: hit.index, end: hit.index + hit[0].length }));
}
