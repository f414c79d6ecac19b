// The list of reviews: what is open, how far it is, and what can be done with each.

import { api, words } from "./api.js";
import { byId, count, el, say } from "./dom.js";
import { rechecks } from "./inbox-recheck.js";
import { askWho, everybody, session, whoName } from "./shell.js";
import { dated } from "./when.js";

/** @typedef {{id: string, title: string, created_at: string, changed_at: string, claims: number, decided: number, reviewers: string[], needs_adjudication: number, erased: boolean, source: {kind: string, name: string | null, id: string | null}}} Summary */

const PAGE = 50;
const place = byId("list");
const filter = /** @type {HTMLInputElement} */ (byId("filter"));
const third = /** @type {HTMLInputElement} */ (byId("third"));
let state = "open";
/** @type {Summary[]} */
let reviews = [];
/** @type {string | null} */
let next = null;
let turn = 0; // the newest reading; what an older one brings is dropped

/** Reads the list anew. */
export async function load() {
  const mine = ++turn;
  place.setAttribute("aria-busy", "true");
  const count = byId("recheck-count");
  try {
    const { reviewer, mode: how } = await session();
    if (how === "token" && !reviewer) return place.replaceChildren(closed());
    await everybody();
    const stale = api("GET", "/v1/impact").catch(() => ({ verdicts: [] }));
    if (state !== "recheck") await read(null);
    const { verdicts } = await stale;
    if (mine !== turn) return;
    count.replaceChildren(...(verdicts.length ? [el("b", null, String(verdicts.length))] : []));
    if (state === "recheck") place.replaceChildren(rechecks(verdicts, reviews));
    else draw();
    if (state === "open" && !reviews.length) await offerDone(mine);
  } catch (error) {
    if (mine === turn) place.replaceChildren(el("div.none", null, el("h3", null, "The reviews cannot be read"), el("p", null, words(error)), el("p", null, el("button.plain.again", { type: "button" }, "Try again"))));
  } finally {
    if (mine === turn) place.removeAttribute("aria-busy");
  }
}

/** What stands in place of the list where one has to sign in first. */
const closed = () => el("div.none", null, el("h3", null, "Sign in to see the reviews"), el("p", null, el("button.plain.signin", { type: "button" }, "Sign in with a token")));

/** Reads one page of the list. @param {string | null} after */
async function read(after) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (state !== "all") query.set("state", state);
  if (after) query.set("after", after);
  const page = await api("GET", `/v1/reviews?${query}`);
  reviews = after ? [...reviews, ...page.reviews] : page.reviews;
  next = page.next ?? null;
}

/** Whether the filters let a review through. @param {Summary} review */
function wanted(review) {
  if (third.checked && !review.needs_adjudication) return false;
  const sought = filter.value.trim().toLocaleLowerCase();
  const within = [review.title, review.source?.name ?? "", review.id, ...review.reviewers.map(whoName)].join("\n");
  return within.toLocaleLowerCase().includes(sought);
}

function draw() {
  byId("next").hidden = !next || state === "recheck";
  if (!reviews.length) return place.replaceChildren(nothing());
  const head = ["Response", "Decided", "Reviewers", "Changed", ""].map((name) => el("th", { scope: "col" }, name || el("span.unseen", null, "Actions")));
  const table = el("table.grid.list", null, el("caption.unseen", null, "Reviews, newest first"), el("thead", null, el("tr", null, head)), el("tbody", null, reviews.map(row)));
  place.replaceChildren(table, el("div.none.unmatched", { hidden: true }, el("h3", null, "No review matches the filters"), el("p", null, `None of the ${reviews.length} that were read does.${next ? " Older reviews have not been read yet." : ""}`)));
  sift();
}

/** Shows the rows that the filters let through; nothing is drawn anew. */
function sift() {
  const table = place.querySelector("table");
  const rows = [...place.querySelectorAll("tr[data-id]")];
  if (!table || rows.length !== reviews.length) return;
  closePanel(false);
  rows.forEach((one, at) => one.toggleAttribute("hidden", !wanted(reviews[at])));
  const none = rows.every((one) => one.hasAttribute("hidden"));
  table.hidden = none;
  place.querySelector(".unmatched")?.toggleAttribute("hidden", !none);
}

const KINDS = { paste: "pasted", text: "text", markdown: "Markdown", chat: "chat", csv: "CSV", inspect: "Inspect", "lm-eval": "lm-eval", promptfoo: "promptfoo", healthbench: "HealthBench", artifact: "artifact" };

/** Where a response came from, on a quiet line. @param {Summary} review */
function origin({ source }) {
  const kind = KINDS[source?.kind] ?? source?.kind;
  return [kind, source?.name, source?.id && `sample ${source.id}`].filter(Boolean).join(" · ");
}

/** @param {Summary} review */
function row(review) {
  const path = encodeURIComponent(review.id);
  const title = review.erased ? el("span.quiet", null, "Erased review ", el("code", null, review.id)) : el("a", { href: `/desk/${path}`, class: "resume" }, review.title);
  const names = review.reviewers.map(whoName).join(", ");
  const opinions = review.needs_adjudication ? el("span.third", null, `${count(review.needs_adjudication, "claim asks", "claims ask")} for a third opinion`) : null;
  return el(
    "tr",
    { "data-id": review.id },
    el("th.what", { scope: "row" }, title, el("span.origin", null, origin(review))),
    el("td", null, progress(review)),
    el("td", null, names || el("span.quiet", null, "nobody yet"), opinions),
    el("td.age", null, dated(review.changed_at)),
    el("td.acts", null, acts(review, path)),
  );
}

/** @param {Summary} review */
function progress({ decided, claims, erased }) {
  if (!claims) return el("span.quiet", null, erased ? "–" : "no claims");
  const bar = el("progress", { value: String(decided), max: String(claims), "aria-label": `${decided} of ${claims} decided` });
  return el("span.done", null, bar, `${decided} of ${claims}`);
}

/** @param {Summary} review  @param {string} path */
function acts(review, path) {
  const name = review.erased ? review.id : review.title;
  const link = (words, href) => el("a", { href, "aria-label": `${words}: ${name}`, "data-act": words.toLowerCase() }, words);
  const button = (words, act) => el("button.plain", { type: "button", "data-act": act, "aria-label": `${words}: ${name}`, "aria-expanded": "false" }, words);
  const exported = link("Export", `/export/${path}`);
  if (review.erased) return el("span.inner", null, exported);
  const several = review.reviewers.length > 1 ? link("Adjudicate", `/adjudicate/${path}`) : null;
  return el("span.inner", null, button("Assign", "assign"), several, exported, button("Erase", "erase"));
}

/** What an empty list says: how to begin. */
function nothing() {
  if (state === "erased") return el("div.none", null, el("h3", null, "Nothing has been erased"));
  if (state === "done") return el("div.none", null, el("h3", null, "Nothing is done yet"), el("p", null, "A review is done when each of its claims is decided and its reviewers have submitted."));
  const steps = [
    ["Paste a response above", ", or drop a file of them: each becomes a review."],
    ["Judge it claim by claim", ": the passages of current guidelines stand beside it, word for word. You decide."],
    ["Assign a second reviewer", ", who sees nothing of the first, and settle what differs."],
    ["Export", " a report to send, or an artifact that replays on another machine."],
  ];
  const list = el("ol", { role: "list" }, steps.map(([what, how]) => el("li", null, el("strong", null, what), how)));
  return el("div.none", null, el("h3", null, state === "open" ? "No open reviews" : "No reviews yet"), list, el("p", null, el("a", { href: "/help#guide" }, "The guide for judging"), " takes three minutes."));
}

/** Where nothing is open but something is done, that comes before how to begin. @param {number} mine */
async function offerDone(mine) {
  const { reviews: done } = await api("GET", "/v1/reviews?state=done&limit=5");
  const head = place.querySelector("h3");
  if (mine !== turn || !done.length || !head) return;
  const links = done.map((one) => el("p", null, el("a", { href: `/desk/${encodeURIComponent(one.id)}` }, one.title)));
  head.after(el("p", null, "Done last (all of them stand under ", el("button.plain.show-done", { type: "button" }, "Done"), "):"), ...links);
}

// Moving and acting

const links = () => [...place.querySelectorAll("tbody > tr[data-id] > th a.resume, tbody > tr[data-id] > .acts a:only-child, tbody .recheck")].filter((link) => !link.closest("tr[hidden]"));

/** Puts the focus on the next or previous review. @param {number} by */
export function step(by) {
  const all = links();
  if (!all.length) return false;
  const here = document.activeElement?.closest("tr");
  const at = all.findIndex((link) => here?.contains(link));
  const to = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  /** @type {HTMLElement} */ (to).focus();
  return true;
}

/** Does something with the review that has the focus. @param {string} act */
export function onRow(act) {
  const row = document.activeElement?.closest("tr[data-id]");
  const control = row?.querySelector(`[data-act="${act}"]`);
  if (!(control instanceof HTMLElement)) return false;
  control.click();
  return true;
}

/** Closes the panel under a row; `true` where one was open. @param {boolean} [back] whether the focus goes back to its button */
export function closePanel(back = true) {
  const open = place.querySelector(".inset-row");
  if (!open) return false;
  const opener = place.querySelector("[data-act][aria-expanded=true]");
  open.remove();
  opener?.setAttribute("aria-expanded", "false");
  if (back && opener instanceof HTMLElement) opener.focus();
  return true;
}

/** Opens a panel under a row. @param {Element} opener  @param {HTMLElement} panel */
function open(opener, panel) {
  closePanel();
  opener.setAttribute("aria-expanded", "true");
  opener.closest("tr")?.after(el("tr.inset-row", null, el("td.inset", { colspan: "5" }, panel)));
  const first = panel.querySelector("select, input, button");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {Element} button  @param {Summary} review */
async function assign(button, review) {
  const free = (await everybody()).filter((person) => !review.reviewers.includes(person.id));
  if (!free.length) {
    return open(button, el("div.panel", null, el("p", null, "Everybody with a profile has a part in this review. Make another profile first: the button at the top right of this page."), cancel()));
  }
  const who = el("select", null, free.map((person) => el("option", { value: person.id }, `${person.name}, ${person.role}`)));
  const task = el("select", null, el("option", { value: "second" }, "Second review"), el("option", { value: "adjudicate" }, "Adjudication"), review.reviewers.length ? null : el("option", { value: "first" }, "First review"));
  const blind = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", checked: true }));
  const form = el(
    "form",
    null,
    el("div.fields", null, el("label.field", null, el("span", null, "Who"), who), el("label.field", null, el("span", null, "What for"), task), el("label.tick", null, blind, "Blind: no hints and nothing of the others until they have decided")),
    el("p.row", null, el("button.go", { type: "submit" }, "Assign"), cancel()),
    el("p.wrong", { role: "alert" }),
  );
  task.addEventListener("change", () => (blind.checked = task.value !== "adjudicate"));
  submitted(form, async () => {
    await api("POST", `/v1/reviews/${encodeURIComponent(review.id)}/assignments`, { reviewer: who.value, task: task.value, blind: blind.checked });
    say(`${whoName(who.value)} has been asked.`);
  });
  open(button, el("div.panel", null, el("p", null, "Ask somebody else to judge it."), form));
}

/** @param {Element} button  @param {Summary} review */
function erase(button, review) {
  const phrase = /** @type {HTMLInputElement} */ (el("input.input.phrase", { autocomplete: "off", spellcheck: "false", autocapitalize: "off" }));
  const go = /** @type {HTMLButtonElement} */ (el("button.second.danger", { type: "submit", disabled: true }, "Erase for good"));
  phrase.addEventListener("input", () => (go.disabled = phrase.value.trim().toLowerCase() !== "erase"));
  const form = el(
    "form",
    { autocomplete: "off" },
    el("div.fields", null, el("label.field", null, el("span", null, "Type “erase” to go on"), phrase), go, cancel()),
    el("p.wrong", { role: "alert" }),
  );
  submitted(form, async () => {
    if (go.disabled) return false;
    const path = encodeURIComponent(review.id);
    await api("DELETE", `/v1/reviews/${path}?confirm=${path}`);
    say("The review’s texts are erased.");
  });
  open(
    button,
    el(
      "div.panel.warn",
      null,
      el("p", null, el("strong", null, "Erase this review’s texts? "), "The response, its prompt, the claims, feedback and notes go from the store and cannot be brought back. Verdicts, cited passages and fingerprints stay, so that what was exported can still be checked."),
      form,
    ),
  );
}

const cancel = () => el("button.plain.cancel", { type: "button" }, "Cancel");

/** @param {HTMLElement} form  @param {() => Promise<unknown>} run */
function submitted(form, run) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { reviewer } = await session();
      if (!reviewer) return void (await askWho("This needs a name to keep it under."));
      if ((await run()) === false) return;
      const id = form.closest(".inset-row")?.previousElementSibling?.getAttribute("data-id");
      closePanel();
      await load();
      const again = place.querySelector(`tr[data-id="${CSS.escape(id ?? "")}"] a`) ?? byId("reviews");
      if (again instanceof HTMLElement) again.focus();
    } catch (error) {
      const wrong = form.querySelector(".wrong");
      if (wrong) wrong.textContent = words(error);
    }
  });
}

place.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest(".cancel")) return void closePanel();
  if (event.target.closest(".again")) return void load();
  if (event.target.closest(".signin")) return void askWho();
  if (event.target.closest(".show-done")) return void (choose("done") && load());
  const button = event.target.closest("button[data-act]");
  const review = reviews.find((one) => one.id === button?.closest("tr")?.getAttribute("data-id"));
  if (!button || !review) return;
  if (button.getAttribute("aria-expanded") === "true") return void closePanel();
  if (button.getAttribute("data-act") === "assign") assign(button, review);
  else erase(button, review);
});
byId("older").addEventListener("click", async () => {
  const from = reviews.length;
  try {
    await read(next);
    draw();
    say(`${count(reviews.length - from, "older review")} shown.`);
  } catch (error) {
    say(words(error));
  }
});
/** Which reviews are listed. @param {string} wanted  @returns {boolean} whether there is such a list */
function choose(wanted) {
  const tabs = [...document.querySelectorAll(".tabs [data-state]")];
  if (!tabs.some((one) => one.getAttribute("data-state") === wanted)) return false;
  state = wanted;
  for (const one of tabs) one.setAttribute("aria-pressed", String(one.getAttribute("data-state") === wanted));
  return true;
}

for (const tab of document.querySelectorAll(".tabs [data-state]")) {
  tab.addEventListener("click", () => choose(tab.getAttribute("data-state") ?? "open") && load());
}
// The address may name a list, as the desk's does after a review is submitted.
choose(location.hash.slice(1));
filter.addEventListener("input", () => state !== "recheck" && sift());
filter.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), step(1)));
third.addEventListener("change", () => state !== "recheck" && sift());
