// The desk: loads a review and wires the columns together. What each key and command does is one table here.

import { api, Problem, words } from "./api.js";
import { byId, el, field, say, tell } from "./dom.js";
import { focusErrors, start as startErrors } from "./desk-errors.js";
import * as evidence from "./desk-evidence.js";
import { column, pane, start as startPanes, togglePane } from "./desk-panes.js";
import { look, neighbour, nextOpen, start as startResponse } from "./desk-response.js";
import { asked, desk, emit, locked, on, take, undo, verdictOf } from "./desk-state.js";
import { flush, refresh, start as startSync } from "./desk-sync.js";
import { measure } from "./desk-time.js";
import * as verdict from "./desk-verdict.js";
import { ACTIONS, actionOf, keyOf, pressed } from "./keymap.js";
import { askWho, everybody, onSession, session } from "./shell.js";
import { VERDICTS } from "./verdict.js";

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = `/v1/reviews/${encodeURIComponent(id)}`;

function step(by, wanted) {
  const next = wanted ? nextOpen() : neighbour(by);
  if (next) look(next, { focus: true });
  else tell(wanted ? "No undecided claim is left." : by > 0 ? "The last claim." : "The first claim.");
  return true;
}

const late = () => say("The service does not answer; try again.");

// Editing claims and the palette are not needed to show a claim: they come right after it, before anybody asks for them.
/** @type {typeof import("./desk-edit.js") | null} */
let edit = null;
const openEdit = () => import("./desk-edit.js").then((module) => {
  if (!edit) module.start();
  return (edit = module);
});
/** An edit of claims, at once where its code is there. @param {(module: typeof import("./desk-edit.js")) => unknown} run */
const editing = (run) => () => (edit ? run(edit) : void openEdit().then(run, late));

// The reader and citations need the service in any case, so their code comes with their first use.
const readerOpen = () => !byId("reader").hidden;
/** @type {typeof import("./desk-reader.js") | null} */
let reader = null;
const openReader = (href) => import("./desk-reader.js").then((module) => (reader = module).open(href), late);
const closeReader = () => reader?.close();

function readPassage() {
  const passage = evidence.currentPassage();
  return passage ? openReader(passage.links.reader) : false;
}

function copyCitation() {
  const passage = evidence.currentPassage();
  return passage ? import("./desk-cite.js").then((cite) => cite.copyPlain(passage), late) : false;
}

/** The PDF behind the edition that is read, or else behind the passage at hand. */
function openOriginal() {
  if (readerOpen()) return reader?.openOriginal();
  const passage = evidence.currentPassage();
  return passage ? import("./original.js").then((original) => original.openOriginal(passage.id)).catch(late) : false;
}

/** Links to the reader open in place; with Ctrl or Shift they open as links do. @param {MouseEvent} event */
function follow(event) {
  const target = event.target instanceof Element ? event.target : null;
  const copy = target?.closest(".copy");
  if (copy instanceof HTMLElement) import("./desk-cite.js").then((cite) => cite.toggle(copy), late);
  const link = target?.closest("a[href^='/r/']");
  if (!(link instanceof HTMLAnchorElement) || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openReader(link.getAttribute("href") ?? "");
}

const pinAs = (role) => () => evidence.pin(evidence.currentPassage(), role);

/** Shows the column in which something happens, where columns are tabs. */
const seen = (name, run) => () => {
  column(name);
  return run();
};

async function takeBack() {
  const label = await undo();
  tell(label ? `Undone: ${label}.` : "Nothing to undo.");
}

/** What each action does; `false` where it did nothing. @type {Record<string, () => unknown>} */
const RUN = {
  next: () => step(1),
  prev: () => step(-1),
  undecided: () => step(1, true),
  new: seen("response", editing((claims) => claims.choose("new"))),
  join: editing((claims) => claims.join()),
  cut: seen("response", editing((claims) => claims.choose("cut"))),
  resize: seen("response", editing((claims) => claims.choose("resize"))),
  remove: editing((claims) => claims.takeOut()),
  down: seen("evidence", () => evidence.move(1)),
  up: seen("evidence", () => evidence.move(-1)),
  open: seen("evidence", () => (readerOpen() ? closeReader() : readPassage())),
  original: openOriginal,
  supports: pinAs("supports"),
  contradicts: pinAs("contradicts"),
  context: pinAs("context"),
  conflict: seen("evidence", evidence.toggleSides),
  superseded: seen("evidence", evidence.toggleSuperseded),
  query: seen("evidence", () => (field("query").focus(), field("query").select())),
  copy: copyCitation,
  ...Object.fromEntries(VERDICTS.map((one) => [`v${one.key}`, () => (pane("verdict"), verdict.choose(one.name))])),
  errors: seen("verdict", () => (pane("verdict"), focusErrors())),
  harm: seen("verdict", () => (pane("verdict"), byId("extent").focus())),
  feedback: seen("verdict", () => (pane("verdict"), verdict.feedback())),
  adjudicate: verdict.toggleAdjudicate,
  undo: takeBack,
  save: verdict.save,
  help: () => togglePane("keys"),
  palette: openPalette,
};

/** Everything that has a name, with its key. */
function openPalette() {
  const named = (label) => label.charAt(0).toUpperCase() + label.slice(1);
  const own = ACTIONS.filter((one) => one.id !== "palette").map((one) => ({ label: named(one.label), group: one.group, key: keyOf(one.id), run: () => void RUN[one.id]() }));
  const more = [
    { label: "Submit this review", group: "Review", run: submit },
    { label: "Rubric for the whole response", group: "Desk", run: () => (pane("rubric", true), column("verdict")) },
    { label: "Guide to judging", group: "Desk", run: () => (pane("guide", true), column("verdict")) },
    { label: "Assemble feedback", group: "Verdict", run: () => void verdict.assemble() },
    { label: "Keep the search words as the claim’s wording", group: "Claims", run: editing((claims) => claims.keepWords()) },
    { label: "Send again what is not saved", group: "Review", run: flush },
    { label: "Export", group: "Pages", run: () => location.assign(`/export/${encodeURIComponent(id)}`) },
    { label: "Adjudicate", group: "Pages", run: () => location.assign(`/adjudicate/${encodeURIComponent(id)}`) },
    { label: "Inbox", group: "Pages", run: () => location.assign("/") },
    { label: "Help", group: "Pages", run: () => location.assign("/help") },
    ...asked().map((one) => ({ label: `Claim ${one.id.replace(/^c(?=\d+$)/, "")}: ${one.text.replace(/\s+/g, " ").slice(0, 80)}`, group: verdictOf(one.id) ? "decided" : "undecided", run: () => look(one.id, { focus: true }) })),
  ];
  return import("./palette.js").then(({ palette }) => palette([...own, ...more]), late);
}

const inText = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

/** @param {KeyboardEvent} event */
function keydown(event) {
  if (event.defaultPrevented || event.isComposing || !desk.review) return;
  const key = pressed(event);
  if (key === "Escape") return void (escape(event) && event.preventDefault());
  const action = actionOf(key);
  if (inText(event.target) && !/^(Ctrl|Alt)\+/.test(key)) return;
  if (event.target instanceof Element) {
    const control = event.target.closest("a, button, summary, [role=tab]");
    if (control && (key === "Enter" || key === " ")) return;
    if (key.startsWith("Arrow") && event.target.closest("[type=radio], .reader-body")) return;
    // A claim in the response is pressed where it is not the one looked at.
    const other = event.target.closest(".claim[data-claim]");
    if ((key === "Enter" || key === " ") && other instanceof HTMLElement && other.dataset.claim !== desk.current) return void (look(other.dataset.claim ?? null, { focus: true }), event.preventDefault());
  }
  if (action && RUN[action]() !== false) event.preventDefault();
}

/** Esc: out of a choice of words, the reader, a field. @param {KeyboardEvent} event */
function escape(event) {
  if (edit?.leave(true)) return true;
  if (readerOpen()) return closeReader(), true;
  if (inText(event.target) && event.target instanceof HTMLElement) return event.target.blur(), true;
  return false;
}

// What stands above the columns

async function submit() {
  if (locked()) return say(verdict.whyLocked());
  const open = asked().filter((one) => !verdictOf(one.id)).length;
  const bar = byId("banner");
  const sure = el("button.go", { type: "button", id: "submit-sure" }, "Submit");
  const not = el("button.second", { type: "button" }, "Not yet");
  const told = open ? `${open === 1 ? "One claim is" : `${open} claims are`} undecided. ` : "";
  bar.replaceChildren(el("p", null, `${told}Submitting says that you are done; from then on you see what others decided. Verdicts can still be changed, and every change is kept.`), el("p.row", null, sure, not));
  bar.hidden = false;
  sure.focus();
  not.addEventListener("click", banner);
  sure.addEventListener("click", async () => {
    try {
      await api("POST", `${path}/submit`, {});
      await reload();
      say("Submitted.");
    } catch (error) {
      bar.replaceChildren(el("p.wrong", null, words(error)));
    }
  });
}

/** Takes the review on as a reviewer: the first, or a blind second one. */
async function takeOn(task) {
  try {
    await api("POST", `${path}/assignments`, { reviewer: desk.me?.id, task, blind: task === "second" });
    await reload();
    say("The review is yours.");
  } catch (error) {
    byId("banner").append(el("p.wrong", null, words(error)));
  }
}

const button = (text, run, look = "go") => {
  const node = el(`button.${look}`, { type: "button" }, text);
  node.addEventListener("click", run);
  return node;
};

/** What to know before judging: why nothing can be decided here, or that all is submitted. */
function banner() {
  const bar = byId("banner");
  const you = desk.review?.you;
  const parts = {
    erased: () => [el("p", null, el("strong", null, "The texts of this review were erased"), ` on ${String(desk.review.erased_at).slice(0, 10)}. Verdicts, pins and hashes stay; nothing can be added.`)],
    nobody: () => [el("p", null, "You are reading. A verdict carries a name."), el("p.row", null, button("Choose a profile", () => askWho("A verdict needs a name.")))],
    unassigned: () => {
      const taken = desk.review.assignments.some((one) => one.task === "first");
      const second = "Take it on as a second reviewer, blind: you see nothing of the others’ verdicts until you submit.";
      return [el("p", null, el("strong", null, "You are reading. "), taken ? second : "Nobody reviews this response yet."), el("p.row", null, button(taken ? "Review it blind" : "Review it", () => takeOn(taken ? "second" : "first")))];
    },
  }[locked() ?? ""]?.();
  const several = desk.review?.assignments.length > 1;
  const compare = several ? ["Others’ verdicts are shown with each claim. ", el("a", { href: `/adjudicate/${encodeURIComponent(id)}` }, "Compare")] : [];
  const done = you?.submitted_at ? [el("p", null, `Submitted ${String(you.submitted_at).slice(0, 10)}. `, compare), el("p", null, el("a", { href: "/#all" }, "Back to the inbox"))] : null;
  const shown = parts ?? done;
  bar.hidden = !shown;
  bar.replaceChildren(...(shown ?? []));
  byId("submit").hidden = Boolean(locked()) || Boolean(you?.submitted_at);
  byId("to-export").hidden = !you?.submitted_at;
  byId("to-export").setAttribute("href", `/export/${encodeURIComponent(id)}`);
  byId("title").textContent = desk.review?.title || (desk.review?.erased_at ? "Erased review" : "Review");
  byId("blind").hidden = !you?.blind;
  document.title = `${desk.review?.title || "Review"} – Groundline`;
}

/** The page where there is no review to show. @param {any} error */
function absent(error) {
  const gone = error instanceof Problem && error.status === 404;
  const closed = error instanceof Problem && error.status === 401;
  if (closed) onSession((now) => now.reviewer && !desk.me && location.reload());
  byId("title").textContent = gone ? "No such review" : "The review cannot be shown";
  byId("banner").hidden = false;
  byId("banner").replaceChildren(el("p", null, gone ? "No review here has this address. It may be on another machine." : words(error)), el("p.row", null, closed ? button("Sign in", () => askWho("This service shows reviews to people who are signed in.")) : button("Try again", () => location.reload()), el("a.second", { href: "/" }, "Inbox")));
  byId("desk").removeAttribute("aria-busy");
  byId("desk").classList.add("absent");
}

/** Verdicts of a review without texts, as a table. */
function erasedTable() {
  if (!desk.review.erased_at) return;
  const rows = desk.review.verdicts.map((one) => el("tr", null, el("th", { scope: "row" }, one.claim), el("td", null, VERDICTS.find((known) => known.name === one.verdict)?.label ?? "Taken back"), el("td", null, one.reviewer.id), el("td", null, one.at.slice(0, 10))));
  const heads = ["Claim", "Verdict", "Reviewer", "Day"].map((name) => el("th", { scope: "col" }, name));
  byId("response-text").replaceChildren(el("p.quiet", null, `SHA-256 of the response: `, el("code", null, desk.review.response.sha256)), el("table.grid", null, el("thead", null, el("tr", null, heads)), el("tbody", null, rows)));
}

async function reload() {
  take(await api("GET", path));
  banner();
  erasedTable();
}

async function begin() {
  const given = api("GET", path);
  const [taxonomy, who] = await Promise.all([api("GET", "/v1/taxonomy").catch(() => null), session().catch(() => null)]);
  desk.taxonomy = taxonomy;
  desk.me = who?.reviewer ?? null;
  startResponse();
  evidence.start();
  verdict.start();
  startErrors();
  startPanes();
  take(await given);
  banner();
  erasedTable();
  startSync();
  measure();
  const named = decodeURIComponent(location.hash.slice(1));
  look(desk.claims.find((one) => one.id === named)?.id ?? nextOpen() ?? asked()[0]?.id ?? null);
  if (!desk.current) evidence.show();
  byId("desk").removeAttribute("aria-busy");
  openEdit().catch(late);
  import("./palette.js").catch(() => undefined);
  // Names for the others' verdicts, where they are shown.
  if (desk.review.verdicts.some((one) => one.reviewer.id !== desk.me?.id)) everybody().then(() => emit("draft", desk.current));
  onSession((now) => {
    if ((now.reviewer?.id ?? null) === (desk.me?.id ?? null)) return;
    // Another person: nothing of the one before may stay on the screen.
    location.reload();
  });
}

/** The address names the claim, so that coming back from another page leads to it. */
let address = 0;
on("current", (now) => {
  reader?.close(false);
  clearTimeout(address);
  address = setTimeout(() => now && history.replaceState(history.state, "", `#${now}`), 400);
});
on("verdict", banner);
document.addEventListener("keydown", keydown);
byId("evidence").addEventListener("click", follow);
byId("submit").addEventListener("click", submit);
byId("commands").addEventListener("click", openPalette);
byId("show-keys").addEventListener("click", () => togglePane("keys"));
addEventListener("hashchange", () => desk.claims.some((one) => `#${one.id}` === location.hash) && look(location.hash.slice(1), { focus: true }));
addEventListener("pageshow", (event) => event.persisted && refresh());
begin().catch((error) => {
  if (!(error instanceof Problem)) console.error(error);
  absent(error);
});
