// Adjudication: reads what the reviewers decided, puts what differs first, and sends the adjudicator's decisions.

import { article, allPins, blank, decisionForm, lacking, rests, standing, takeOver } from "./adjudicate-case.js";
import { figures, inWords, matrix, scroller } from "./agreement.js";
import { api, Problem, words } from "./api.js";
import { byId, count, el, say } from "./dom.js";
import { hotkeys, inField, offer, showKeys } from "./hotkeys.js";
import { fetched } from "./pin.js";
import { askWho, everybody, onSession, saved, session, whoName } from "./shell.js";
import { chip, VERDICTS, verdictLabel } from "./verdict.js";

/** @typedef {import("./adjudicate-case.js").Row} Row */
/** @typedef {import("./adjudicate-case.js").Form} Form */

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = `/v1/reviews/${encodeURIComponent(id)}`;
const deskPath = `/desk/${encodeURIComponent(id)}`;
const place = byId("claims");
const MANY = 40; // claims beyond which those out of sight are laid out only when they come into it

/** @type {Row[]} */
let rows = [];
/** @type {Map<string, Form>} */
const forms = new Map();
/** @type {Map<string, number>} */
const since = new Map(); // when each claim's form was first looked at, in milliseconds
/** @type {Map<string, string>} */
let codes = new Map();
let me = "";
/** @type {any} */
let review = null;

const label = (code) => codes.get(code) ?? code;
/** @type {Map<string, string>} */
const last = new Map(); // one's own latest verdict on a claim, also one that was taken back

const rowOf = (claim) => rows.find((row) => row.claim.id === claim);
const open = () => rows.filter((row) => !row.agree);

async function load() {
  place.setAttribute("aria-busy", "true");
  try {
    const who = await session();
    me = who.reviewer?.id ?? "";
    const [found, taxonomy] = await Promise.all([api("GET", path), api("GET", "/v1/taxonomy"), everybody()]);
    review = found;
    for (const verdict of found.verdicts) if (verdict.reviewer.id === me) last.set(verdict.claim, verdict.id);
    codes = new Map(taxonomy.errors.map((error) => [error.code, error.label]));
    byId("title").textContent = review.erased_at ? "Erased review" : review.title;
    document.title = `Adjudicate: ${byId("title").textContent} – Groundline`;
    const both = await api("GET", `${path}/adjudication`);
    rows = both.claims;
    await fetched(open().flatMap((row) => row.verdicts.flatMap((one) => one.evidence)));
    draw(both.agreement);
  } catch (error) {
    if (error instanceof Problem && error.status === 403) waiting(error);
    else failed(error);
  } finally {
    place.removeAttribute("aria-busy");
  }
}

// What is shown

function draw(agreement) {
  const differing = open();
  const same = rows.filter((row) => row.agree && row.verdicts.length);
  const alone = rows.length - differing.length - same.length;
  tell();
  const deciding = differing.map((row, at) => article(row, `${at + 1} of ${differing.length}`, label, deskPath));
  const parts = [];
  if (conflicted()) parts.push(el("div.panel.warn", null, el("p", null, el("strong", null, "You judged this response yourself. "), "Decisions carry more weight from somebody who did not.")));
  if (differing.length) parts.push(el("section.part", { "aria-labelledby": "differ" }, el("h2", { id: "differ" }, `Where they differ (${differing.length})`), deciding));
  else if (same.some((row) => row.verdicts.length > 1)) parts.push(el("section.part", null, el("h2", null, "They agree on every claim"), el("p.lede", null, "There is nothing to decide. The review can be exported as it is.")));
  else parts.push(el("section.part", null, el("h2", null, "Nothing to compare yet"), el("p.lede", null, "No claim was judged by two people. Assign a second reviewer in the inbox.")));
  if (same.length) parts.push(el("section.part", { "aria-labelledby": "agree" }, el("h2", { id: "agree" }, `Where they agree (${same.length})`), el("ul.same-list", { role: "list" }, same.map(sameItem))));
  if (alone) parts.push(el("p.lede.part", null, `${count(alone, "claim was", "claims were")} judged by nobody.`));
  place.classList.toggle("many", differing.length > MANY);
  place.replaceChildren(...parts);
  for (const row of differing) redo(row);
  byId("measure").replaceChildren(...measured(agreement));
}

/** @param {Row} row */
function sameItem(row) {
  const who = row.verdicts.map((one) => whoName(one.reviewer.id)).join(", ");
  const desk = el("a", { href: `${deskPath}#${row.claim.id}`, "aria-label": `Claim ${row.claim.id.slice(1)} on the desk` }, "Desk");
  return el("li", null, chip(row.verdicts[0]?.verdict ?? null), el("p.claim", null, row.claim.claim || row.claim.text || "(erased)", row.verdicts.length < 2 ? el("span.quiet", null, ` (${who} alone)`) : null), desk);
}

function measured(agreement) {
  const table = agreement.confusion;
  return [
    el("div", null, el("h2", null, "Agreement"), el("p.quiet", null, inWords(agreement))),
    agreement.units ? scroller("Measures", figures(agreement)) : null,
    table && agreement.units ? scroller("Who said what", matrix(table, (rater) => ({ first: "one of each pair", second: "the other" })[rater] ?? whoName(rater))) : null,
    el("p.hint", null, "Taken from the verdicts before adjudication. ", el("a", { href: "/help#agreement" }, "What the figures mean")),
  ].filter((part) => part !== null);
}

const conflicted = () => rows.some((row) => row.verdicts.some((one) => one.reviewer.id === me));

/** The line under the title: who judged, how far the decisions are. */
function tell() {
  const judges = [...new Set(rows.flatMap((row) => row.verdicts.map((one) => one.reviewer.id)))].map(whoName);
  const left = open().filter((row) => !row.decision?.verdict).length;
  const who = judges.length > 1 ? `${judges.slice(0, -1).join(", ")} and ${judges.at(-1)}` : judges[0] ?? "Nobody";
  const rest = open().length ? (left ? `${count(left, "claim is", "claims are")} to be decided.` : "Everything is decided.") : "";
  const judged = rows.filter((row) => row.verdicts.length).length;
  byId("lede").replaceChildren(`${who} judged ${count(judged, "claim")}. ${rest} `, ...(left ? [] : [el("a", { href: `/export/${encodeURIComponent(id)}` }, "Export")]));
}

/** Draws the decision of a claim anew: what stands, or the form. @param {Row} row  @param {boolean} [editing] */
function redo(row, editing = false) {
  const spot = document.querySelector(`#case-${CSS.escape(row.claim.id)} .place`);
  if (!spot) return;
  if (row.decision?.verdict && !editing) return spot.replaceChildren(standing(row.decision, row.decision.reviewer.id === me));
  if (!forms.has(row.claim.id)) forms.set(row.claim.id, row.decision?.verdict ? takeOver(row.decision) : blank());
  spot.replaceChildren(decisionForm(/** @type {Form} */ (forms.get(row.claim.id)), row.claim.id));
}

/** Brings what a form shows in step with what it holds, without drawing its fields anew. @param {Row} row */
function update(row) {
  const form = forms.get(row.claim.id);
  const node = document.querySelector(`form[data-claim="${CSS.escape(row.claim.id)}"]`);
  if (!form || !node) return;
  node.querySelectorAll("[data-verdict]").forEach((one) => one.setAttribute("aria-pressed", String(one.getAttribute("data-verdict") === form.verdict)));
  node.querySelector(".rests")?.replaceChildren(...rests(form));
  for (const field of node.querySelectorAll("textarea")) {
    const part = field.dataset.part ?? "";
    if (document.activeElement !== field) field.value = form.feedback[part];
  }
  const missing = node.querySelector(".missing");
  if (missing) missing.textContent = lacking(form) || "Ctrl Enter decides and goes to the next.";
}

/** The reviewers have not all submitted: says who has, and what to do. @param {Problem} error */
function waiting(error) {
  const asked = review?.assignments ?? [];
  byId("lede").textContent = "Reviews stay apart until everybody has submitted, so that neither sways the other.";
  const row = (one) => el("tr", null, el("th", { scope: "row" }, whoName(one.reviewer)), el("td", null, one.task === "first" ? "first review" : one.task === "second" ? "second review" : "adjudication"), el("td", null, one.submitted_at ? "submitted" : one.task === "adjudicate" ? "–" : el("strong", null, "still at work")));
  const mine = asked.find((one) => one.reviewer === me && !one.submitted_at && one.task !== "adjudicate");
  const table = asked.length ? el("div.scroll", null, el("table.grid", null, el("caption.unseen", null, "Who was asked"), el("tbody", null, asked.map(row)))) : null;
  const next = mine ? el("a.go", { href: deskPath }, "Go on with your review") : el("a.second", { href: "/" }, "Back to the inbox");
  const alone = asked.filter((one) => one.task !== "adjudicate").length < 2;
  const hint = alone ? el("p", null, "Only one person was asked so far: assign a second reviewer in the inbox.") : null;
  place.replaceChildren(el("div.waiting", null, el("h2", null, "Not yet"), el("p", null, mine ? error.detail || words(error) : "Their verdicts are shown side by side when all of them have submitted."), table, hint, el("p.row", null, next)));
  byId("measure").replaceChildren();
}

function failed(error) {
  place.replaceChildren(el("div.waiting", null, el("h2", null, error instanceof Problem && error.status === 404 ? "No such review" : "This review cannot be shown"), el("p", null, words(error)), el("p.row", null, el("button.second", { type: "button", "data-do": "again" }, "Try again"), el("a", { href: "/" }, "Back to the inbox"))));
}

// Moving

const cases = () => [...document.querySelectorAll(".case")].filter((one) => one instanceof HTMLElement);
const here = () => document.activeElement?.closest(".case") ?? document.querySelector(".case.at");
const current = () => rowOf(here()?.getAttribute("data-claim") ?? "");

/** @param {HTMLElement | undefined} to */
function go(to) {
  if (!to) return false;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "start" });
}

function move(by) {
  const all = cases();
  const at = all.findIndex((one) => one === here());
  return go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

place.addEventListener("focusin", (event) => {
  const one = event.target instanceof Element ? event.target.closest(".case") : null;
  if (!one) return;
  document.querySelectorAll(".case.at").forEach((other) => other.classList.remove("at"));
  one.classList.add("at");
  const claim = one.getAttribute("data-claim") ?? "";
  if (!since.has(claim)) since.set(claim, Date.now());
});

// Deciding

/** Changes the form of the claim in hand. @param {(form: Form, row: Row) => void} change  @param {Row} [row] */
function edit(change, row = current()) {
  if (!row) return false;
  if (row.decision?.verdict && !document.querySelector(`form[data-claim="${CSS.escape(row.claim.id)}"]`)) redo(row, true);
  const form = forms.get(row.claim.id) ?? blank();
  forms.set(row.claim.id, form);
  change(form, row);
  update(row);
  saved("not decided yet", "unsaved");
}

const choose = (name, row) => edit((form) => (form.verdict = name), row);
const take = (at, row) => edit((form, of) => of.verdicts[at] && Object.assign(form, structuredClone(takeOver(of.verdicts[at]))), row);
const takeAll = (row) =>
  edit((form, of) => {
    form.evidence = allPins(of.verdicts);
    form.from = [...new Set(of.verdicts.filter((one) => one.evidence.length).map((one) => one.reviewer.id))];
  }, row);

/** The adjudicator's own latest verdict on a claim, which a new one replaces. @param {Row} row */
const previous = (row) => last.get(row.claim.id) ?? [row.decision, ...row.verdicts].find((one) => one?.reviewer.id === me)?.id ?? null;

/** @param {Row} row  @param {Form} form */
function body(row, form) {
  const feedback = Object.values(form.feedback).some((part) => part.trim()) ? form.feedback : null;
  const request = { claim: row.claim.claim || row.claim.text, context: row.claim.context || undefined, k: 8, include: ["counter", "trace"] };
  const seconds = Math.min(86_400, Math.round((Date.now() - (since.get(row.claim.id) ?? Date.now())) / 1000));
  return { verdict: form.verdict, previous: previous(row), evidence: form.evidence, errors: form.errors, harm: form.harm, feedback, seconds, blind: false, needs_adjudication: false, task: "adjudicate", request, searches: form.searches.length ? form.searches : [request.claim] };
}

/** Writes a decision; `false` where it was not kept. @param {Row} row  @param {any} sent  @returns {Promise<boolean>} */
async function send(row, sent) {
  if (!me) {
    await askWho("A decision needs a name.");
    return false;
  }
  saved("saving…", "saving");
  try {
    const made = await api("POST", `${path}/claims/${encodeURIComponent(row.claim.id)}/verdicts`, sent);
    last.set(row.claim.id, made.id);
    row.decision = made.verdict ? made : null;
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    saved(`saved ${time}`, "saved");
    return true;
  } catch (error) {
    const current = error instanceof Problem && error.status === 409 ? error.current : null;
    if (current?.id) last.set(row.claim.id, current.id);
    // One that was taken back in another tab is no conflict.
    if (current?.id && current.verdict === null && sent.previous !== current.id) return send(row, { ...sent, previous: current.id });
    saved("not saved", "unsaved");
    refuse(row, current?.verdict ? `You decided this claim in between, in another tab: ${verdictLabel(current.verdict).toLowerCase()}. Decide again to replace that.` : words(error));
    return false;
  }
}

/** @param {Row} row  @param {string} told */
function refuse(row, told) {
  const wrong = document.querySelector(`#case-${CSS.escape(row.claim.id)} .wrong[role=alert]`);
  if (wrong) wrong.textContent = told;
  say(told);
}

async function decide(row = current()) {
  const form = row && forms.get(row.claim.id);
  if (!row || !form) return false;
  const lack = lacking(form);
  if (lack) return void say(lack);
  if (!(await send(row, body(row, form)))) return;
  forms.delete(row.claim.id);
  since.delete(row.claim.id);
  redo(row);
  tell();
  const order = open();
  const after = [...order.slice(order.indexOf(row) + 1), ...order].find((one) => !one.decision?.verdict);
  say(after ? "Decided." : "Decided. Nothing is left.");
  go(document.getElementById(`case-${(after ?? row).claim.id}`) ?? undefined);
}

/** Takes the decision back; the log keeps it. @param {Row} [row] */
async function takeBack(row = current()) {
  if (!row?.decision || row.decision.reviewer.id !== me) return false;
  const form = takeOver(row.decision);
  if (!(await send(row, { ...body(row, form), verdict: null, evidence: [], errors: [], harm: null, feedback: null }))) return;
  forms.set(row.claim.id, form);
  redo(row);
  tell();
  say("Taken back.");
}

const rowAt = (target) => rowOf(target.closest(".case")?.getAttribute("data-claim") ?? "");

place.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const row = rowAt(button);
  if (button.dataset.verdict) choose(button.dataset.verdict, row);
  else if (button.dataset.take) take(Number(button.dataset.take), row);
  else if (button.dataset.do === "all") takeAll(row);
  else if (button.dataset.do === "back") takeBack(row);
  else if (button.dataset.do === "again") load();
  else if (button.dataset.do === "change" && row) {
    redo(row, true);
    go(document.getElementById(`case-${row.claim.id}`) ?? undefined);
  }
});
place.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLTextAreaElement)) return;
  const { value, dataset } = event.target;
  edit((form) => (form.feedback[dataset.part ?? ""] = value), rowAt(event.target));
});
place.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target instanceof Element) decide(rowAt(event.target));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  decide();
});
// A decision that was begun is kept nowhere else: the browser asks before it is lost.
addEventListener("beforeunload", (event) => {
  if ([...forms.values()].some((form) => form.verdict || Object.values(form.feedback).some((part) => part.trim()))) event.preventDefault();
});

byId("desk").setAttribute("href", deskPath);
hotkeys(
  {
    j: () => move(1),
    k: () => move(-1),
    ...Object.fromEntries(VERDICTS.map((verdict) => [verdict.key, () => choose(verdict.name)])),
    ...Object.fromEntries([..."abcd"].map((key, at) => [key, () => Boolean(current()?.verdicts[at]) && take(at)])),
    x: () => takeAll(current()),
    f: () => {
      const row = current();
      if (row?.decision?.verdict) redo(row, true);
      const field = here()?.querySelector("textarea");
      return field ? field.focus() : false;
    },
    u: () => takeBack(),
    "?": showKeys,
  },
  () => {
    const at = document.activeElement;
    if (at instanceof HTMLElement && inField(at)) go(/** @type {HTMLElement | undefined} */ (at.closest(".case") ?? undefined));
    return false;
  },
);
offer([
  { label: "Decide, go to the next", key: "Ctrl+Enter", run: () => decide() },
  { label: "Take the decision back", key: "u", run: () => takeBack() },
  { label: "Open the desk", run: () => location.assign(deskPath) },
  { label: "Export this review", run: () => location.assign(`/export/${encodeURIComponent(id)}`) },
]);
onSession((given) => {
  if ((given.reviewer?.id ?? "") !== me || !review) load();
});
session().catch(failed);
