// The reader: marks the passage that the address names, moves among passages, keeps the outline in step. Finding words is
// reader-find.js's, what is known of the marked passage reader-passage.js's.

import { byId, say } from "./dom.js";
import { hotkeys, inField, offer, showKeys } from "./hotkeys.js";
import { clear, walk } from "./reader-find.js";
import { copyCitation, follow, openOriginal, tellOf } from "./reader-passage.js";
import "./shell.js";

const passages = [...document.querySelectorAll(".p[id]")];
const wide = matchMedia("(min-width: 60rem)");

function named() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** Marks every piece of the named passage: a list or a table may have it in several. */
function mark() {
  const part = named();
  document.querySelectorAll(".p.on").forEach((piece) => piece.classList.remove("on"));
  const pieces = [...document.querySelectorAll(".p")].filter((piece) => piece instanceof HTMLElement && piece.dataset.p === part);
  pieces.forEach((piece) => piece.classList.add("on"));
  byId("missing").hidden = !part || pieces.length > 0 || document.getElementById(part) !== null || !passages.length;
  const [first] = pieces;
  if (first instanceof HTMLElement) {
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  }
  tellOf(pieces.length ? part : "");
  if (!byId("missing").hidden) say(byId("missing").textContent);
}

/** Steps to the next or previous passage, seen from the marked one or from the top of the window. @param {number} by */
function step(by) {
  const part = named();
  let at = passages.findIndex((passage) => passage.id === part);
  if (at < 0) {
    const below = passages.findIndex((passage) => passage.getBoundingClientRect().top > 0);
    at = below < 0 ? passages.length : by > 0 ? below - 1 : below;
  }
  const next = passages[at + by];
  if (!next) return false;
  location.replace(`#${next.id}`);
}

/**
 * Back to the page of ours that led here, so that what was in hand there is still there; `false` where none did. Its
 * address is not told (these pages send no referrer), but only pages of this service are listed.
 * @param {Event} [event]
 */
function back(event) {
  const { entries = [], at = -1 } = { entries: window.navigation?.entries(), at: window.navigation?.currentEntry?.index };
  const before = entries.slice(0, Math.max(at, 0)).findLast((entry) => !entry.sameDocument);
  if (!before) return false;
  event?.preventDefault();
  window.navigation.traverseTo(before.key);
}

function outline() {
  const details = /** @type {HTMLDetailsElement} */ (byId("outline"));
  details.open = wide.matches;
  const links = new Map([...document.querySelectorAll("#outline a")].map((link) => [/** @type {HTMLAnchorElement} */ (link).hash.slice(1), link]));
  const rail = document.querySelector(".outline");
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        document.querySelector("#outline .here")?.classList.remove("here");
        const link = /** @type {HTMLElement | undefined} */ (links.get(entry.target.id));
        link?.classList.add("here");
        // Only the outline itself scrolls, never the page.
        if (link && rail && wide.matches) {
          const over = link.getBoundingClientRect().bottom - rail.getBoundingClientRect().bottom;
          const under = rail.getBoundingClientRect().top - link.getBoundingClientRect().top;
          if (over > 0) rail.scrollTop += over + 24;
          else if (under > 0) rail.scrollTop -= under + 24;
        }
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  document.querySelectorAll(".prose [id^='s-']").forEach((heading) => seen.observe(heading));
}

hotkeys(
  {
    j: () => step(1),
    k: () => step(-1),
    n: () => walk(1),
    p: () => walk(-1),
    c: copyCitation,
    o: () => follow("publisher"),
    O: openOriginal,
    r: () => follow("replacement"),
    "/": () => byId("find").focus(),
    Backspace: () => back(),
    "?": showKeys,
  },
  () => {
    const at = document.activeElement;
    if (at instanceof HTMLElement && inField(at)) {
      clear();
      at.blur();
      return true;
    }
    if (back() === false) location.assign("/");
    return true;
  },
);
offer([
  { label: "Find in this edition", key: "/", run: () => byId("find").focus() },
  { label: "Copy the passage’s citation", key: "c", run: copyCitation },
  { label: "Open the publisher’s page", key: "o", run: () => follow("publisher") },
  { label: "Open the original PDF", key: "O", run: openOriginal },
  { label: "Open what replaced it", key: "r", run: () => follow("replacement") },
  { label: "Back", key: "Escape", run: () => back() },
], true);
byId("back").addEventListener("click", back);
addEventListener("hashchange", mark);
wide.addEventListener("change", () => (/** @type {HTMLDetailsElement} */ (byId("outline")).open = wide.matches));
outline();
mark();
