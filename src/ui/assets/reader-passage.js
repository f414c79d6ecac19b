// What is known of the marked passage: its citation, the original at its page, the publisher's page, and where the edition that replaced this
// one says the same or something else.

import { api } from "./api.js";
import { byId, el, outside, say } from "./dom.js";
import { asked, originalLink } from "./original.js";
import { gradeText } from "./passage.js";

const version = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const PATIENCE = 400; // milliseconds that the panel waits for the comparison with the edition in force
const place = byId("here");
let turn = 0; // the newest passage; what an older one brings is dropped
/** @type {Promise<any> | null} */
let changes = null;

/** Tells of the passage with this part of an id; of none where it is empty. @param {string} part */
export async function tellOf(part) {
  const mine = ++turn;
  if (!part) return void (place.hidden = true);
  let found;
  try {
    found = await asked(`${version}#${part}`);
  } catch {
    if (mine === turn) place.hidden = true;
    return;
  }
  if (mine !== turn) return;
  const spot = el("div.there");
  // Shown whole where the comparison comes soon, so that nothing moves; otherwise it follows.
  const compared = replaced(found, spot, () => mine === turn);
  await Promise.race([compared, new Promise((done) => setTimeout(done, PATIENCE))]);
  if (mine !== turn) return;
  place.replaceChildren(...about(found, spot));
  place.hidden = false;
}

/** @param {any} found  @param {HTMLElement} spot */
function about(found, spot) {
  const page = found.locator.page ? `p.\u00a0${found.locator.page.label ?? found.locator.page.index + 1}` : null;
  const facts = [found.kind === "recommendation" ? "Recommendation" : "Passage", page, gradeText(found.grade)].filter(Boolean).join(" · ");
  const copy = el("button.plain", { type: "button", id: "copy" }, "Copy citation");
  copy.addEventListener("click", copyCitation);
  return [
    el("h2", null, facts),
    el("p.cite", { id: "cite", hidden: true }, found.citation),
    el("ul", { role: "list" }, el("li", null, copy, " ", el("kbd", null, "c")), original(found), publisher(found)),
    spot,
  ];
}

/** The PDF that was indexed, opened at the page where the passage stands. @param {any} found */
function original(found) {
  const link = originalLink(found);
  return link ? el("li", null, link, " ", el("kbd", null, "O")) : null;
}

/** The publisher's file or page, opened where the passage stands if that is known. @param {any} found */
function publisher(found) {
  const url = found.links.source;
  const page = /\.pdf#page=(\d+)$/i.exec(url ?? "")?.[1];
  const words = page ? `Publisher’s PDF, page ${page}` : /\.pdf($|#)/i.test(url ?? "") ? "Publisher’s PDF" : "Publisher’s page";
  const link = outside(url, words);
  link?.setAttribute("id", "publisher");
  return link ? el("li", null, link, " ", el("kbd", null, "o")) : null;
}

/** Where the edition that replaced this one speaks of it. @param {any} found  @param {HTMLElement} spot  @param {() => boolean} current */
async function replaced(found, spot, current) {
  const next = found.document.superseded_by;
  const banner = document.querySelector(`.edition a[href^="/r/${CSS.escape(next ?? "")}"]`);
  if (!next || !(banner instanceof HTMLAnchorElement)) return;
  const [id, to] = next.split("@");
  changes ??= api("GET", `/v1/documents/${encodeURIComponent(id)}/diff?${new URLSearchParams({ from: version, to })}`);
  let all;
  try {
    all = await changes;
  } catch {
    changes = null;
    return;
  }
  if (!current()) return;
  const change = all.changes.find((one) => one.old?.id === found.id);
  const address = change?.new ? `/r/${change.new.id}` : `/r/${next}`;
  banner.href = address;
  const year = all.to.published?.slice(0, 4) ?? to;
  spot.replaceChildren(...(change?.new ? counterpart(change, address, year) : [el("p.quiet", null, `No counterpart was found in the ${year} edition. `, el("a", { href: address, id: "replacement" }, "Open it"), " ", el("kbd", null, "r"))]));
}

const FATES = { changed: "says", unchanged: "says the same", moved: "says the same" };

/** @param {any} change  @param {string} address  @param {string} year */
function counterpart(change, address, year) {
  const words = change.new.quote.length > 260 ? `${change.new.quote.slice(0, 240).replace(/\s+\S*$/, "")}…` : change.new.quote;
  const link = el("a", { href: address, id: "replacement" }, `The ${year} edition ${FATES[change.fate] ?? "says"}`);
  return [el("p", null, link, " ", el("kbd", null, "r")), change.fate === "changed" ? el("blockquote", null, words) : null].filter((part) => part !== null);
}

/** The original PDF: at the marked passage's page, or from its start. `false` where the edition has none. */
export function openOriginal() {
  const whole = document.getElementById("whole");
  return follow("original") === false ? (whole ? whole.click() : false) : undefined;
}

/** Follows a link of the panel. @param {"original" | "publisher" | "replacement"} id */
export function follow(id) {
  const link = place.hidden ? null : document.getElementById(id);
  if (!link) return false;
  link.click();
}

/** Copies the citation of the marked passage; shows and selects it where the clipboard is closed. */
export function copyCitation() {
  const cite = document.getElementById("cite");
  if (place.hidden || !cite) return false;
  copied(cite);
}

/** @param {HTMLElement} cite */
async function copied(cite) {
  try {
    await navigator.clipboard.writeText(cite.textContent ?? "");
    say("Citation copied.");
    const button = byId("copy");
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy citation"), 2000);
  } catch {
    cite.hidden = false;
    getSelection()?.selectAllChildren(cite);
    say("The citation is shown and selected: copy it from there.");
  }
}
