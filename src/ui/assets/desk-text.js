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
/** @typedef {{start: number, end: number, node: HTMLElement}} Block */
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

/** Bold words of Markdown and their marks, within a line. @param {string} line  @param {number} at */
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
    if (line.trim()) blocks.push({ start: at, end: at + line.length, node: el(`div.block.${kind(line).name}`) });
    at += line.length + 1;
  }
  byClaim.clear();
  const near = spans(claims);
  for (const block of blocks) fill(block, near);
  into.replaceChildren(...blocks.map((block) => block.node));
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
  const mark = block.start + kind(line).mark;
  const inside = (unit) => Math.min(Math.max(unit, block.start), block.end);
  const seams = [block.start, block.end, mark, ...within.flatMap((one) => [inside(one.start), inside(one.end)]), ...strong.flatMap((one) => [one.start, one.inner[0], one.inner[1], one.end])];
  const cuts = [...new Set(seams)].sort((one, other) => one - other);
  block.node.replaceChildren();
  for (let index = 0; index + 1 < cuts.length; index++) {
    const [start, end] = [cuts[index], cuts[index + 1]];
    const around = strong.find((one) => one.start <= start && end <= one.end);
    const sign = end <= mark || (around && (end <= around.inner[0] || start >= around.inner[1]));
    const names = within.filter((one) => one.start <= start && end <= one.end).map((one) => one.id);
    block.node.append(piece(start, end, names, sign ? ".md" : around ? ".strong" : ""));
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

/** The words of the text with their units. @returns {{start: number, end: number}[]} */
export function wordSpans() {
  return [...text.matchAll(/[\p{L}\p{N}][^\s]*|[^\s]+/gu)].map((hit) => ({ start: hit.index, end: hit.index + hit[0].length }));
}
