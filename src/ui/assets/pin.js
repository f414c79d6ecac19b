// A pinned passage where it is cited: its source on one line, its words, and a way to the reader. Each is asked for once.

import { api } from "./api.js";
import { el } from "./dom.js";
import { gradeText } from "./passage.js";

/** @typedef {{passage: string, passage_sha256: string, role: string}} Pin */

const PATIENCE = 1500; // milliseconds that a page waits for its passages before it shows what it has

/** @type {Map<string, Promise<any>>} */
const asked = new Map();
/** @type {Map<string, any>} */
const known = new Map();

/** @param {string} id */
function passage(id) {
  let coming = asked.get(id);
  if (!coming) {
    coming = api("GET", `/v1/passages/${encodeURIComponent(id)}`).catch(() => null);
    asked.set(id, coming);
    coming.then((found) => known.set(id, found));
  }
  return coming;
}

/** Asks for passages ahead, so that a page can be drawn whole. @param {Pin[]} pins */
export function fetched(pins) {
  const all = Promise.all([...new Set(pins.map((pin) => pin.passage))].map(passage));
  return Promise.race([all, new Promise((done) => setTimeout(done, PATIENCE))]);
}

const ROLES = { supports: "Supports it", contradicts: "Contradicts it", context: "For context" };

/** A pin as a block; where its passage has not come yet, it is filled later. @param {Pin} pin */
export function pinned(pin) {
  const reader = `/r/${pin.passage}`;
  const from = el("p.from", null, el("a", { href: reader }, pin.passage));
  const block = el("div.pin", { "data-passage": pin.passage }, from);
  const show = (found) => {
    if (found) from.replaceChildren(el("span.quiet", null, `${ROLES[pin.role] ?? pin.role} · `), ...source(found, reader));
    block.append(...body(pin, found));
  };
  if (known.has(pin.passage)) show(known.get(pin.passage));
  else passage(pin.passage).then(show);
  return block;
}

/** @param {any} found  @param {string} reader */
function source(found, reader) {
  const { document: doc, locator } = found;
  const page = locator.page ? `p.\u00a0${locator.page.label ?? locator.page.index + 1}` : null;
  const grade = gradeText(found.grade);
  const words = [doc.publisher ?? doc.id, String(doc.year ?? doc.version), page, grade].filter(Boolean).join(" · ");
  return [el("a", { href: reader }, words)];
}

/** @param {Pin} pin  @param {any} found */
function body(pin, found) {
  if (!found) return [el("p.wrong", null, "The corpus in use has no such passage.")];
  const old = found.document.status !== "current";
  const parts = [el(`blockquote.quote${old ? ".struck" : ""}`, null, found.quote)];
  if (found.quote_sha256 !== pin.passage_sha256) parts.unshift(el("p.wrong", null, "Its words have changed since the verdict; these are today’s:"));
  if (old) parts.push(el("p.wrong", null, found.document.superseded_by ? `Superseded by ${found.document.superseded_by}.` : "No longer in force."));
  return parts;
}
