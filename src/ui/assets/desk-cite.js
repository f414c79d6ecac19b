// Copying a citation: as a line, as a link that opens the reader, and in the formats that the service offers.

import { el, say } from "./dom.js";
import { passageOf } from "./desk-evidence.js";
import { requestFor } from "./desk-search.js";
import { desk } from "./desk-state.js";

const FORMATS = [
  ["csl", "CSL-JSON"],
  ["bibtex", "BibTeX"],
  ["ris", "RIS"],
];

/** Whether the service offers the formats; asked once. @type {Promise<boolean> | null} */
let offered = null;

/** The answer on the screen in another format. @param {string} view  @returns {Promise<string | null>} */
async function viewed(view) {
  const request = desk.current ? requestFor(desk.current) : null;
  if (!request) return null;
  try {
    const response = await fetch(`/v1/evidence?view=${view}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request), credentials: "same-origin" });
    const text = await response.text();
    return response.ok && !text.startsWith('{"schema":"evidence/') ? text : null;
  } catch {
    return null;
  }
}

const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");

/** The entry of one passage's document, where it can be told from the others; else all of them. */
function entryOf(text, view, passage) {
  const title = plain(passage.document.title ?? passage.document.id);
  if (view === "csl") {
    try {
      const all = JSON.parse(text);
      const items = Array.isArray(all) ? all : all.items ?? [];
      const mine = items.filter((one) => one.id === passage.id || plain(one.title ?? "") === title);
      return JSON.stringify(mine.length ? mine.slice(0, 1) : all, null, 2);
    } catch {
      return text;
    }
  }
  const entries = view === "bibtex" ? text.split(/\n(?=@)/) : text.split(/(?<=\nER {2}-[^\n]*\n)/);
  const mine = entries.filter((one) => one.includes(passage.id) || plain(one).includes(title));
  return (mine[0] ?? text).trim();
}

async function toClipboard(text, what, article) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
    const button = article.querySelector(".copy");
    if (button) {
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1600);
    }
  } catch {
    const shown = article.querySelector(".copying");
    shown.append(el("p.cite", { tabindex: "0" }, text));
    say("The browser does not let the page copy; the text is shown.");
  }
}

const link = (passage) => new URL(passage.links.reader, location.href).href;

/** Copies the plain citation with its link. @param {any} passage */
export function copyPlain(passage) {
  const article = passage && [...document.querySelectorAll("article.passage")].find((one) => one instanceof HTMLElement && one.dataset.id === passage.id);
  if (!article) return;
  toClipboard(`${passage.citation} ${passage.links.source ?? link(passage)}`, "Citation", article);
}

/** Opens or closes the line of formats on a card. @param {HTMLElement} button */
export async function toggle(button) {
  const article = /** @type {HTMLElement} */ (button.closest("article.passage"));
  const place = /** @type {HTMLElement} */ (article.querySelector(".copying"));
  const passage = passageOf(article.dataset.id);
  if (!place.hidden || !passage) {
    place.hidden = true;
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const choice = (text, run) => {
    const node = el("button.plain", { type: "button" }, text);
    node.addEventListener("click", run);
    return node;
  };
  place.replaceChildren(
    choice("Citation", () => copyPlain(passage)),
    choice("Quotation with citation", () => toClipboard(`“${passage.quote}” ${passage.citation}`, "Quotation", article)),
    choice("Link to the passage", () => toClipboard(link(passage), "Link", article)),
    choice(passage.id, () => toClipboard(passage.id, "Id", article)),
  );
  place.hidden = false;
  button.setAttribute("aria-expanded", "true");
  offered ??= viewed("csl").then((text) => text !== null);
  if (!(await offered)) return;
  for (const [view, name] of FORMATS) {
    place.append(choice(name, async () => {
      const text = await viewed(view);
      if (text) toClipboard(entryOf(text, view, passage), name, article);
      else say(`${name} is not to be had now.`);
    }));
  }
}
