// The reader in place: the whole edition in the middle column, opened at the passage, and back with one key. The page of the
// reader is parsed by the browser as a document of its own, in which nothing runs; its text alone comes over.

import { byId, el, say } from "./dom.js";
import { articles, select } from "./desk-evidence.js";
import { keyCaps, keyOf } from "./keymap.js";
import { asked, noOriginal, originalLink } from "./original.js";

const panel = () => byId("reader");

/** The styles of an edition, fetched with the first one. */
const styled = new Promise((resolve) => {
  const link = el("link", { rel: "stylesheet", href: "/assets/desk-reader.css" });
  link.addEventListener("load", resolve);
  link.addEventListener("error", resolve);
  document.head.append(link);
});

/** Asks for a page as a parsed document. @param {string} url  @returns {Promise<Document>} */
function fetchPage(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(`status ${request.status}`)));
    request.onerror = () => reject(new Error("no answer"));
    request.send();
  });
}

/** A copy of an element's text with its structure and nothing that acts. @param {Element} from */
function copy(from) {
  const node = /** @type {Element} */ (document.importNode(from, true));
  for (const one of node.querySelectorAll("script, style, link, button, input, form, iframe, object, #missing, [hidden]")) one.remove();
  for (const one of [node, ...node.querySelectorAll("*")]) {
    for (const { name } of [...one.attributes]) if (name === "id" || name === "style" || name === "tabindex" || name.startsWith("on")) one.removeAttribute(name);
  }
  for (const link of node.querySelectorAll("a[href^='#']")) link.replaceWith(...link.childNodes);
  for (const heading of node.querySelectorAll("h1")) {
    const smaller = el("h2");
    smaller.append(...heading.childNodes);
    heading.replaceWith(smaller);
  }
  return node;
}

/** Shows the way to the PDF of which the edition was read, where there is one. @param {string} id  @param {Element} place */
async function offerOriginal(id, place) {
  const found = await asked(id).catch(() => null);
  const link = found && originalLink(found);
  if (link) place.replaceChildren(link, ...keyCaps(keyOf("original")).flatMap((cap) => [" ", el("kbd", { "aria-hidden": "true" }, cap)]));
}

/** Follows it. */
export function openOriginal() {
  const link = byId("original");
  if (link) link.click();
  else noOriginal();
}

/** Opens the edition at a passage. @param {string} href `/r/{version}#{part}` */
export async function open(href) {
  const url = new URL(href, location.href);
  if (!url.pathname.startsWith("/r/")) return;
  const part = decodeURIComponent(url.hash.slice(1));
  const original = el("span");
  offerOriginal(`${decodeURIComponent(url.pathname.slice(3))}#${part}`, original);
  const head = el("div.reader-head", null, el("button.second", { type: "button", id: "reader-close" }, "← Evidence ", el("kbd", { "aria-hidden": "true" }, "Esc")), el("span.ways", null, original, el("a", { href: url.pathname + url.hash, target: "_blank" }, "Own tab\u00a0↗")));
  const body = el("div.reader-body", { tabindex: "0", role: "region", "aria-label": "Guideline" }, el("p.quiet", null, "Opening…"));
  panel().replaceChildren(head, body);
  byId("evidence").classList.add("reading");
  panel().hidden = false;
  byId("reader-close").addEventListener("click", () => close());
  try {
    const [page] = await Promise.all([fetchPage(url.pathname), styled]);
    const [top, prose] = [page.querySelector("main .head"), page.querySelector("main .prose")];
    if (!prose) throw new Error("no text");
    if (!body.isConnected) return;
    body.replaceChildren(...[top, prose].filter((one) => one !== null).map(copy));
    const pieces = [...body.querySelectorAll("[data-p]")].filter((one) => one instanceof HTMLElement && one.dataset.p === part);
    pieces.forEach((one) => one.classList.add("on"));
    body.focus({ preventScroll: true });
    pieces[0]?.scrollIntoView({ block: "center" });
    say(`Opened ${page.title}.${pieces.length ? "" : " The passage is not marked in this edition."}`);
  } catch {
    body.replaceChildren(el("p", null, "The edition could not be opened here. It may open in its own tab."));
  }
}

/** Back to the passages. @param {boolean} [focus] whether onto the one that is looked at */
export function close(focus = true) {
  if (panel().hidden) return;
  panel().hidden = true;
  panel().replaceChildren();
  byId("evidence").classList.remove("reading");
  const at = articles().findIndex((one) => one.classList.contains("at"));
  select(Math.max(at, 0), focus);
}
