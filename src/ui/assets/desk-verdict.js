// The right column: the verdict, what it rests on, what is wrong, what it could do, and what to tell the model's team.

import { api, words } from "./api.js";
import { byId, el, field, say, tell } from "./dom.js";
import { caps } from "./desk-card.js";
import { asPin, currentPassage } from "./desk-evidence.js";
import { pinRow, proposal, quarrel, past, replacementOf } from "./desk-rests.js";
import { earlierFor, onScreen, passage, requestFor, wordings } from "./desk-search.js";
import { blind, body, change, claim, desk, draft, latest, locked, on, remember, verdictOf } from "./desk-state.js";
import { decide } from "./desk-sync.js";
import { tally } from "./desk-time.js";
import { nextOpen, look } from "./desk-response.js";
import { VERDICTS, verdictLabel } from "./verdict.js";

const FIELDS = ["what", "why", "fix"];

/** The radio buttons of the five verdicts, made once. */
function buildVerdicts() {
  const rows = VERDICTS.map((one) => {
    const known = desk.taxonomy?.verdicts?.find((given) => given.name === one.name);
    const input = el("input", { type: "radio", name: "verdict", value: one.name, id: `verdict-${one.name}`, "aria-describedby": "verdict-meaning" });
    return el(`label.choice.v-${one.name}`, { title: known?.meaning }, input, el("i", { "aria-hidden": "true" }, one.sign), el("span", null, known?.label ?? one.label), caps(`v${one.key}`));
  });
  byId("verdicts").replaceChildren(el("legend.unseen", null, "Verdict"), ...rows);
}

/** Chooses a verdict; without a pin it rests on the passage that is looked at. @param {string} name */
export function choose(name) {
  const id = desk.current;
  if (!id || !claim(id)) return false;
  if (locked()) return say(whyLocked()), true;
  const at = currentPassage();
  change(id, verdictLabel(name).toLowerCase(), (mine) => {
    mine.verdict = name;
    if (mine.pins.some((one) => one.auto)) mine.pins = mine.pins.filter((one) => !one.auto);
    if (name === "outdated") outdate(mine, at);
    else if (name !== "not_addressed" && !mine.pins.length && at) mine.pins.push(asPin(at, name === "contradicted" ? "contradicts" : "supports", true));
  });
  const pins = body(id).pins.map((one) => one.name).filter(Boolean);
  say(`${verdictLabel(name)}. ${name === "not_addressed" || !pins.length ? "" : `Rests on ${pins.join(", ")}.`}`);
  return true;
}

/** An outdated claim rests on the superseded passage and on what replaced it. */
function outdate(mine, at) {
  const old = mine.pins.map((one) => passage(one.passage)).find((one) => one?.document.superseded_by) ?? (at?.document.superseded_by ? at : null);
  const add = (found, role) => {
    if (found && !mine.pins.some((one) => one.passage === found.id)) mine.pins.push(asPin(found, role, true));
  };
  if (old) {
    add(old, "supports");
    add(replacementOf(old), "contradicts");
  } else if (!mine.pins.length) add(at, "contradicts");
}

const REASONS = {
  erased: "The texts of this review were erased; nothing can be added.",
  nobody: "A verdict carries a name: choose a profile first.",
  unassigned: "You are not a reviewer of this response yet. Take it on first.",
  loading: "The review is still being loaded.",
};
export const whyLocked = () => REASONS[locked() ?? ""] ?? "";

// What is missing

/** Why the verdict cannot be saved yet, or `null`. @param {string} id */
function missing(id) {
  const mine = body(id);
  if (!mine.verdict) return "Choose a verdict: 1 to 5.";
  if (mine.verdict !== "not_addressed" && !mine.pins.length) return "Pin the passage that it rests on: s or c.";
  const open = mine.errors.find((one) => !one.severity);
  if (open) return `Say how bad ${open.code} is: minor, major or critical.`;
  if (Boolean(mine.harm.extent) !== Boolean(mine.harm.likelihood)) return "Harm needs both extent and likelihood, or neither.";
  if (mine.verdict === "not_addressed" && !onScreen()) return "Wait for the search, so that its trail can be kept.";
  return null;
}

/** What can be saved and yet lacks something, or `null`. @param {any} mine */
function advice(mine) {
  const faulty = ["contradicted", "partly", "outdated"].includes(mine.verdict) && !mine.errors.length;
  return faulty ? "No error code says what is wrong yet: e. It can be saved without." : null;
}

/** The fields that are still as they were assembled: they are nobody's words and are left out. @param {any} mine */
const drafted = (mine) => FIELDS.filter((name) => mine.assembled?.[name] && mine.feedback[name] === mine.assembled[name]);

/** The feedback that somebody wrote or kept; `null` where there is none. @param {any} mine */
function told(mine) {
  const left = drafted(mine);
  const own = Object.fromEntries(FIELDS.map((name) => [name, left.includes(name) ? "" : mine.feedback[name]]));
  return FIELDS.some((name) => own[name].trim()) ? own : null;
}

/** The request that saves the verdict. @param {string} id */
function requestBody(id) {
  const mine = body(id);
  const searches = [...new Set([claim(id)?.claim, ...mine.searches, wordings.get(id)].filter(Boolean))];
  return {
    verdict: mine.verdict,
    evidence: mine.verdict === "not_addressed" ? mine.pins.filter((one) => !one.auto).map(bare) : mine.pins.map(bare),
    errors: mine.errors,
    harm: mine.harm.extent ? mine.harm : null,
    feedback: told(mine),
    seconds: mine.seconds,
    blind: blind(id),
    needs_adjudication: mine.adjudicate,
    task: desk.review.you?.task ?? "first",
    request: requestFor(id),
    earlier: earlierFor(id, mine.searches),
    searches,
  };
}

const bare = ({ passage: id, passage_sha256, role }) => ({ passage: id, passage_sha256, role });

/** Saves the verdict and goes to the next undecided claim. */
export function save() {
  const id = desk.current;
  if (!id) return false;
  if (locked()) return say(whyLocked()), true;
  tally();
  const lacking = missing(id);
  if (lacking) {
    byId("missing").textContent = lacking;
    byId("missing").classList.add("now");
    say(lacking);
    return true;
  }
  const before = latest(id);
  const kept = structuredClone(body(id));
  if (!before || draft(id).dirty || draft(id).version || changedSince(id, before)) {
    decide(id, requestBody(id));
    remember(`verdict ${verdictLabel(kept.verdict).toLowerCase()}`, () => takeBack(id, before, kept));
  }
  const next = nextOpen();
  if (next) look(next, { focus: true });
  else tell("Saved. Every claim is decided.");
  return true;
}

const changedSince = (id, record) => JSON.stringify([body(id).verdict, body(id).adjudicate]) !== JSON.stringify([record.verdict, record.needs_adjudication]);

/** Undoes a saved verdict: the one before stands again, or none. Both stay in the log. */
async function takeBack(id, before, kept) {
  const again = before?.verdict ? { verdict: before.verdict, evidence: before.evidence, errors: before.errors, harm: before.harm, feedback: before.feedback, needs_adjudication: before.needs_adjudication } : { verdict: null, evidence: [], errors: [], harm: null, feedback: null, needs_adjudication: false };
  const hidden = before?.blind ?? Boolean(desk.review.you?.blind);
  await decide(id, { ...again, seconds: 0, blind: hidden, task: desk.review.you?.task ?? "first", request: requestFor(id), searches: before?.trail?.searches ?? [claim(id)?.claim] });
  if (!before?.verdict) change(id, null, (mine) => Object.assign(mine, kept));
  look(id, { focus: true });
}

// Drawing: the fields are made once and only their values change, so that nobody's cursor is lost.

/** Shows the claim that is looked at. */
export function draw() {
  const id = desk.current;
  const form = byId("verdict-form");
  const shut = Boolean(locked()) || !id || !claim(id);
  form.classList.toggle("shut", shut);
  // With every field shut, the keyboard still has to scroll what they hold.
  form.querySelector(".fields")?.setAttribute("tabindex", shut ? "0" : "-1");
  for (const node of form.querySelectorAll("input, select, textarea, button")) node.toggleAttribute("disabled", shut);
  if (!id || !claim(id)) return;
  const mine = body(id);
  for (const input of byId("verdicts").querySelectorAll("input")) input.checked = input.value === mine.verdict;
  byId("verdict-meaning").textContent = desk.taxonomy?.verdicts?.find((one) => one.name === mine.verdict)?.meaning ?? "What do guidelines in force say about the claim?";
  const rests = mine.pins.length ? mine.pins.map((pin) => pinRow(pin, draw)) : [el("li.none", null, mine.verdict === "not_addressed" ? "Rests on the searches, which are kept." : "No passage yet: s or c on one.")];
  byId("pins-auto").textContent = mine.pins.some((pin) => pin.auto) ? "the passage where you are" : "";
  // Whoever changes a role by keyboard stays where they are.
  const held = [...byId("pins").children].findIndex((row) => row.querySelector("select:focus-visible"));
  byId("pins").replaceChildren(...rests);
  byId("pins").children[held]?.querySelector("select")?.focus();
  byId("notes").replaceChildren(...[quarrel(id), proposal(mine, choose)].filter((part) => part !== null));
  field("extent").value = mine.harm.extent;
  field("likelihood").value = mine.harm.likelihood;
  for (const name of FIELDS) {
    const area = field(`feedback-${name}`);
    if (area.value !== mine.feedback[name]) area.value = mine.feedback[name];
  }
  drawDrafted(drafted(mine));
  field("adjudicate").checked = mine.adjudicate;
  byId("past").replaceChildren(...past(id));
  byId("missing").textContent = shut ? whyLocked() : missing(id) ?? (verdictOf(id) && !draft(id).dirty ? "Saved." : advice(mine) ?? "Ready to save.");
  byId("missing").classList.remove("now");
}

/** Marks the fields whose words nobody has made their own. @param {string[]} left */
function drawDrafted(left) {
  for (const name of FIELDS) {
    field(`feedback-${name}`).classList.toggle("drafted", left.includes(name));
    byId(`keep-${name}`).hidden = !left.includes(name);
  }
  byId("assembled").textContent = left.length ? "Assembled, not yet yours: a dashed field is left out until you edit or keep it." : "For the model’s team; kept with the verdict.";
  byId("assembled").classList.toggle("warn", left.length > 0);
}

/** Takes a field's draft over as it stands. @param {string} name */
function keepDraft(name) {
  if (desk.current) change(desk.current, `kept ${name}`, (mine) => void (mine.assembled = { ...mine.assembled, [name]: "" }));
  byId(`feedback-${name}`).focus();
}

/** Fills the feedback from the verdict, the flags and the citation, as a draft that waits for an edit. */
export async function assemble() {
  const id = desk.current;
  if (!id || locked()) return;
  const mine = body(id);
  if (!mine.verdict) return say("Choose a verdict first: the draft is made from it.");
  const pinned = mine.pins.map((one) => passage(one.passage)).filter(Boolean);
  const against = mine.pins.find((one) => one.role === "contradicts");
  const main = (against && passage(against.passage)) ?? pinned[0] ?? null;
  const old = pinned.find((one) => one.document.superseded_by);
  const request = { verdict: mine.verdict, errors: mine.errors.filter((one) => one.severity), claim: claim(id)?.claim, passage: old ?? main, replacement: old ? replacementOf(old) : null, flags: main?.flags ?? [] };
  try {
    const given = await api("POST", "/v1/feedback/draft", request);
    change(id, "assembled feedback", (now) => {
      now.assembled = { what: given.what ?? "", why: given.why ?? "", fix: given.fix ?? "" };
      now.feedback = { ...now.assembled };
    });
    say("Feedback assembled. Edit or keep each field to make it yours.");
  } catch (error) {
    byId("assembled").textContent = `It cannot be assembled now. ${words(error)}`;
  }
}

/** Goes to the feedback; an empty one is assembled first where there is a verdict to assemble it from. */
export function feedback() {
  const id = desk.current;
  if (!id || locked()) return false;
  const mine = body(id);
  byId("feedback-what").focus();
  if (mine.verdict && mine.verdict !== "supported" && FIELDS.every((field) => !mine.feedback[field].trim())) assemble();
  return true;
}

/** Begins to listen. */
export function start() {
  buildVerdicts();
  const options = (rows, none) => [el("option", { value: "" }, none), ...(rows ?? []).map((one) => el("option", { value: one.name }, one.label))];
  byId("extent").replaceChildren(...options(desk.taxonomy?.harm?.extent, "Extent"));
  byId("likelihood").replaceChildren(...options(desk.taxonomy?.harm?.likelihood, "Likelihood"));
  byId("verdicts").addEventListener("change", (event) => event.target instanceof HTMLInputElement && choose(event.target.value));
  for (const name of ["extent", "likelihood"]) byId(name).addEventListener("change", () => desk.current && change(desk.current, "harm", (mine) => void (mine.harm = { ...mine.harm, [name]: field(name).value })));
  for (const name of FIELDS) {
    const area = field(`feedback-${name}`);
    area.addEventListener("input", () => desk.current && change(desk.current, null, (mine) => void (mine.feedback = { ...mine.feedback, [name]: area.value })));
    byId(`keep-${name}`).addEventListener("click", () => keepDraft(name));
  }
  byId("assemble").addEventListener("click", assemble);
  byId("adjudicate").addEventListener("change", toggleAdjudicate);
  byId("verdict-form").addEventListener("submit", (event) => (event.preventDefault(), save()));
  for (const name of ["current", "evidence", "review"]) on(name, draw);
  let before = desk.current;
  on("current", (now) => {
    const fields = byId("verdict-form").querySelector(".fields");
    if (now !== before && fields) fields.scrollTop = 0;
    before = now;
  });
  on("draft", (id) => id === desk.current && draw());
  on("verdict", (id) => id === desk.current && draw());
  on("refused", ({ id, text }) => {
    if (id !== desk.current) look(id);
    byId("missing").textContent = text;
    byId("missing").classList.add("now");
  });
}

/** Asks for a third opinion, or no longer. */
export function toggleAdjudicate() {
  const id = desk.current;
  if (!id || locked()) return false;
  change(id, "adjudication", (mine) => void (mine.adjudicate = !mine.adjudicate));
  say(body(id).adjudicate ? "Goes to adjudication." : "Does not go to adjudication.");
  return true;
}
