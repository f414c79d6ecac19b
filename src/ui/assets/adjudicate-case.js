// One claim on which reviewers differ: what each decided and why, and the form of the decision.

import { count, el } from "./dom.js";
import { pinned } from "./pin.js";
import { whoName } from "./shell.js";
import { chip, VERDICTS, verdictLabel } from "./verdict.js";

/** @typedef {{id: string, reviewer: {id: string, role: string}, verdict: string | null, task: string, evidence: import("./pin.js").Pin[], errors: {code: string, severity: string}[], harm: {extent: string, likelihood: string} | null, feedback: {what: string, why: string, fix: string} | null, trail: {searches: string[], documents_considered: number} | null, seconds: number, blind: boolean}} Verdict */
/** @typedef {{claim: {id: string, text: string, claim: string, context: string}, verdicts: Verdict[], decision: Verdict | null, agree: boolean}} Row */
/** @typedef {{verdict: string | null, evidence: import("./pin.js").Pin[], errors: {code: string, severity: string}[], harm: object | null, feedback: {what: string, why: string, fix: string}, searches: string[], from: string[]}} Form */

/** @type {[string, string][]} */
const PARTS = [
  ["what", "What is wrong"],
  ["why", "Why"],
  ["fix", "How to fix it"],
];

/** An empty form. @returns {Form} */
export const blank = () => ({ verdict: null, evidence: [], errors: [], harm: null, feedback: { what: "", why: "", fix: "" }, searches: [], from: [] });

/** Everything that one reviewer gave, as the form's beginning. @param {Verdict} given @returns {Form} */
export function takeOver(given) {
  return {
    verdict: given.verdict,
    evidence: given.evidence,
    errors: given.errors,
    harm: given.harm,
    feedback: { what: "", why: "", fix: "", ...given.feedback },
    searches: given.trail?.searches ?? [],
    from: [given.reviewer.id],
  };
}

/** The passages of all, each once; one that they took for different things is context. @param {Verdict[]} verdicts */
export function allPins(verdicts) {
  const seen = new Map();
  for (const pin of verdicts.flatMap((one) => one.evidence)) {
    const known = seen.get(pin.passage);
    seen.set(pin.passage, known && known.role !== pin.role ? { ...known, role: "context" } : pin);
  }
  return [...seen.values()];
}

/** What the form still lacks, in words; nothing where it can be sent. @param {Form} form */
export function lacking(form) {
  if (!form.verdict) return "Choose a verdict, or take one side over.";
  if (form.verdict !== "not_addressed" && !form.evidence.length) return `“${verdictLabel(form.verdict)}” needs a passage: take over a side’s, or judge the claim on the desk.`;
  return "";
}

/** @param {Verdict} given  @param {number} at  @param {(code: string) => string} label */
function side(given, at, label) {
  const key = "abcdefgh"[at] ?? "";
  const facts = [given.reviewer.role, given.blind ? "blind" : null, given.seconds ? `${given.seconds}\u00a0s` : null].filter(Boolean).join(" · ");
  const errors = given.errors.flatMap((one, index) => [index ? ", " : "", el("a", { href: `/help#${one.code}` }, label(one.code)), ` (${one.severity})`]);
  const harm = given.harm ? el("span.harm", null, `Harm: ${given.harm.extent}, ${given.harm.likelihood} likelihood`) : null;
  const searched = given.trail ? el("p.quiet", null, `Searched ${given.trail.documents_considered} editions for: `, given.trail.searches.map((one) => `“${one}”`).join(", ") || "(erased)") : null;
  const said = PARTS.filter(([part]) => given.feedback?.[part]).map(([part]) => el("div", null, el("dt", null, part), el("dd", null, given.feedback?.[part])));
  return el(
    "div.side",
    { role: "group", "aria-label": whoName(given.reviewer.id) },
    el("header", null, el("p.by", null, el("strong", null, whoName(given.reviewer.id)), ` · ${facts}`)),
    el("p.verdictline", null, chip(given.verdict), errors.length ? el("span.errors", null, ...errors) : null, harm),
    ...given.evidence.map(pinned),
    searched,
    said.length ? el("dl.said", null, said) : null,
    el("p.take", null, el("button.plain", { type: "button", "data-take": String(at) }, "Take this side over ", key ? el("kbd", null, key) : null)),
  );
}

/**
 * The article of a claim.
 * @param {Row} row  @param {string} which  @param {(code: string) => string} label  @param {string} deskPath
 */
export function article(row, which, label, deskPath) {
  const { claim } = row;
  return el(
    "article.case",
    { id: `case-${claim.id}`, "data-claim": claim.id, tabindex: "-1", "aria-labelledby": `claim-${claim.id}` },
    el("p.which", null, `${which} · `, el("a", { href: `${deskPath}#${claim.id}` }, "on the desk")),
    el("h3.claim", { id: `claim-${claim.id}` }, claim.claim || claim.text || "(erased)"),
    el("div.sides", null, row.verdicts.map((given, at) => side(given, at, label))),
    el("div.place"),
  );
}

/** The decision that stands. @param {Verdict} decision  @param {boolean} mine */
export function standing(decision, mine) {
  const pins = decision.evidence.length ? `, on ${count(decision.evidence.length, "passage")}` : "";
  const back = mine ? el("button.plain", { type: "button", "data-do": "back" }, "Take back ", el("kbd", null, "u")) : null;
  return el("div.decided", null, el("p", null, el("strong", null, "Decided: "), chip(decision.verdict), el("span.quiet", null, `${pins} · ${whoName(decision.reviewer.id)}`)), el("button.plain", { type: "button", "data-do": "change" }, "Change"), back);
}

/** The form of the decision. @param {Form} form  @param {string} claimId */
export function decisionForm(form, claimId) {
  const button = (verdict) => el("button", { type: "button", "data-verdict": verdict.name, "aria-pressed": String(form.verdict === verdict.name), class: `v-${verdict.name}` }, el("kbd", { "aria-hidden": "true" }, verdict.key), chip(verdict.name));
  const field = ([part, label]) => el("label.field", null, el("span", null, label), el("textarea", { rows: "1", maxlength: "8000", "data-part": part }, form.feedback[part]));
  return el(
    "form.decide",
    { autocomplete: "off", "data-claim": claimId },
    el("div.verdicts", { role: "group", "aria-label": "Verdict" }, VERDICTS.map(button)),
    el("div.rests", null, ...rests(form)),
    el("div.feedback", null, PARTS.map(field)),
    el("p.row", null, el("button.go", { type: "submit" }, "Decide"), el("span.missing", { role: "status" }, lacking(form) || "Ctrl Enter decides and goes to the next.")),
    el("p.wrong", { role: "alert" }),
  );
}

/** What the decision rests on, in words. @param {Form} form */
export function rests(form) {
  const names = form.from.map(whoName).join(" and ");
  const pins = form.evidence.length ? `Rests on ${form.evidence.map((pin) => pin.passage).join(", ")}${names ? ` (from ${names})` : ""}.` : "Rests on no passage yet.";
  const errors = form.errors.length ? ` Errors: ${form.errors.map((one) => `${one.code} (${one.severity})`).join(", ")}.` : "";
  const all = el("button.plain", { type: "button", "data-do": "all" }, "Take the passages of all ", el("kbd", null, "x"));
  return [el("span", null, pins, errors), all];
}
