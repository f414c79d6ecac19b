// The inbox: starts reviews from a paste or from files. The list is inbox-list.js's. What is written here is sent once,
// in the body of a request, and stored nowhere by the page.

import { api, upload, words } from "./api.js";
import { byId, count, el, say } from "./dom.js";
import { hotkeys, inField, offer, showKeys } from "./hotkeys.js";
import { closePanel, load, onRow, step } from "./inbox-list.js";
import { askWho, onSession, session } from "./shell.js";

const LONGEST = 200_000; // characters of a response

const form = byId("form");
const text = /** @type {HTMLTextAreaElement} */ (byId("text"));
const hint = byId("hint");
const usual = [...hint.childNodes];
const files = /** @type {HTMLInputElement} */ (byId("files"));
const value = (id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();

/** Shows a sentence below the field; the usual one where there is none. @param {string} [sentence] */
function tell(sentence) {
  hint.classList.toggle("wrong", Boolean(sentence));
  text.toggleAttribute("aria-invalid", false);
  if (!sentence) return hint.replaceChildren(...usual);
  text.setAttribute("aria-invalid", "true");
  hint.textContent = sentence;
  say(sentence);
}

/** Says what is wrong with the response before anything is sent; `true` where nothing is. */
function check(sending) {
  const length = [...text.value].length;
  if (length > LONGEST) {
    tell(`${length.toLocaleString("en")} characters; a response may have ${LONGEST.toLocaleString("en")}. Cut it into several reviews.`);
    return false;
  }
  if (sending && !text.value.trim()) {
    tell("Paste a response first.");
    return false;
  }
  if (hint.firstChild !== usual[0]) tell();
  return true;
}

/** Whether somebody is signed in; asks where not. @param {string} reason */
async function somebody(reason) {
  const { reviewer } = await session();
  if (reviewer) return true;
  await askWho(reason);
  return false;
}

async function start() {
  const button = /** @type {HTMLButtonElement} */ (byId("start"));
  if (button.disabled) return;
  if (!check(true)) return text.focus();
  button.disabled = true;
  try {
    if (!(await somebody("A review needs a name to keep it under."))) return;
    const body = { text: text.value, title: value("title") || undefined, prompt: value("prompt") || undefined, model: value("model") || undefined, split: true };
    const review = await api("POST", "/v1/reviews", body);
    await takeOn(review);
    text.value = "";
    location.assign(`/desk/${encodeURIComponent(review.id)}`);
  } catch (error) {
    tell(`${words(error)} Your text is still in its field.`);
  } finally {
    button.disabled = false;
  }
}

/** Whoever starts a review is its first reviewer; where that fails, the desk offers it again. @param {any} review */
async function takeOn(review) {
  const { reviewer } = await session();
  if (!reviewer || review.assignments.length) return;
  const part = { reviewer: reviewer.id, task: "first", blind: false };
  await api("POST", `/v1/reviews/${encodeURIComponent(review.id)}/assignments`, part).catch(() => null);
}

// Files

/** @param {File[]} chosen */
async function take(chosen) {
  if (!chosen.length) return;
  try {
    if (!(await somebody("An import needs a name to keep it under."))) return;
  } catch (error) {
    return show([el("p.wrong", null, words(error))]);
  }
  const place = byId("imported");
  const parts = [];
  let made = 0;
  for (const [at, file] of chosen.entries()) {
    show([...parts, el("p", null, `Reading ${file.name} (${at + 1} of ${chosen.length})…`)]);
    const { part, reviews } = await one(file);
    parts.push(part);
    made += reviews;
  }
  show([...parts, el("p.row", null, el("button.plain.dismiss", { type: "button" }, "Close"))]);
  say(`${count(made, "review")} imported.`);
  place.focus();
  if (made) load();
}

/** One file's result as a block. @param {File} file */
async function one(file) {
  const query = new URLSearchParams({ name: file.name, format: value("format") });
  try {
    const { format, imported, rejected } = await upload(`/v1/reviews/import?${query}`, file);
    const read = format ? `, read as ${format}` : "";
    const links = imported.slice(0, 12).map((review) => el("li", null, el("a", { href: `/desk/${encodeURIComponent(review.id)}` }, review.title), el("span.quiet", null, ` · ${count(review.claims, "claim")}`)));
    const more = imported.length > 12 ? el("p.quiet", null, `and ${imported.length - 12} more, in the list below.`) : null;
    const part = el(
      `div.panel${imported.length ? "" : ".warn"}`,
      null,
      el("h2", null, `${imported.length ? count(imported.length, "review") : "Nothing"} from ${file.name}${read}`),
      links.length ? el("ul", { role: "list" }, links) : null,
      more,
      rejects(rejected),
    );
    return { part, reviews: imported.length };
  } catch (error) {
    return { part: el("div.panel.warn", null, el("h2", null, `${file.name} was not read`), el("p", null, words(error))), reviews: 0 };
  }
}

/** What could not be read, each with its reason. @param {{at: string, reason: string}[]} rejected */
function rejects(rejected) {
  if (!rejected.length) return null;
  const rows = rejected.slice(0, 50).flatMap(({ at, reason }) => [el("dt", null, at), el("dd", null, reason)]);
  const more = rejected.length > 50 ? el("p.quiet", null, `and ${rejected.length - 50} more.`) : null;
  return el("div.rejects", null, el("p.wrong", null, `${count(rejected.length, "entry was", "entries were")} left out:`), el("dl", null, rows), more);
}

/** @param {(Node | string)[]} parts */
function show(parts) {
  byId("imported").hidden = parts.length === 0;
  byId("imported").replaceChildren(...parts);
}

/** Whether a drag carries files. @param {DragEvent} event */
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dragging");
});
for (const name of ["dragleave", "dragend", "drop"]) {
  document.addEventListener(name, (event) => {
    if (name !== "dragleave" || !(/** @type {DragEvent} */ (event).relatedTarget)) document.body.classList.remove("dragging");
  });
}
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  take([...(event.dataTransfer?.files ?? [])]);
});
byId("choose").addEventListener("click", () => files.click());
files.addEventListener("change", () => {
  const chosen = [...(files.files ?? [])];
  files.value = "";
  take(chosen);
});
byId("imported").addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest(".dismiss")) {
    show([]);
    byId("choose").focus();
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  start();
});
text.addEventListener("input", () => check(false));

hotkeys(
  {
    n: () => text.focus(),
    i: () => files.click(),
    j: () => step(1),
    k: () => step(-1),
    a: () => onRow("assign"),
    d: () => onRow("adjudicate"),
    e: () => onRow("export"),
    Delete: () => onRow("erase"),
    "/": () => byId("filter").focus(),
    "?": showKeys,
  },
  () => {
    if (closePanel()) return true;
    const at = document.activeElement;
    if (at instanceof HTMLElement && inField(at)) at.blur();
    return false;
  },
);
offer([
  { label: "Write or paste a response", key: "n", run: () => text.focus() },
  { label: "Import files", key: "i", run: () => files.click() },
  { label: "Filter the list", key: "/", run: () => byId("filter").focus() },
  ...[...document.querySelectorAll(".tabs [data-state]")].map((tab) => ({ label: `Show reviews: ${(tab.firstChild?.textContent ?? "").toLowerCase()}`, run: () => /** @type {HTMLElement} */ (tab).click() })),
]);
// A paste beside the fields is meant for the response, or is a file.
document.addEventListener("paste", (event) => {
  const given = event.clipboardData;
  if (!given || inField(event.target)) return;
  event.preventDefault();
  if (given.files.length) return void take([...given.files]);
  text.focus();
  text.setRangeText(given.getData("text/plain"), text.selectionStart, text.selectionEnd, "end");
  check(false);
});
// The list says who has decided what: it is read again when somebody else signs in.
onSession(() => load());
session().catch(() => load());
