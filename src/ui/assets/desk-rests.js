// What a verdict rests on and what was before it: pins, the proposal to call a claim outdated, another tab's version, history.

import { api } from "./api.js";
import { el } from "./dom.js";
import { caps, ROLES, shortName } from "./desk-card.js";
import { passageOf } from "./desk-evidence.js";
import { ofEdition, onScreen, passage } from "./desk-search.js";
import { change, desk, history, locked, others } from "./desk-state.js";
import { rivals, settle } from "./desk-sync.js";
import { clock, span } from "./desk-time.js";
import { whoName } from "./shell.js";
import { chip, verdictLabel } from "./verdict.js";

const FIELDS = ["what", "why", "fix"];

/** The best passage of the edition that replaced this one: on the screen, else from an earlier search of the claim. */
export function replacementOf(old) {
  const wanted = old.document.superseded_by;
  const is = (one) => [`${one.document.id}@${one.document.version}`, ...(one.document.same_edition ?? [])].includes(wanted);
  return onScreen()?.passages.find(is) ?? ofEdition(wanted);
}

/** Passages that no search of this visit brought, by id: an earlier verdict rests on them. @type {Map<string, any>} */
const looked = new Map();

/** Looks up a pinned passage that is not on the screen, once. @param {string} id  @param {() => void} draw */
function lookUp(id, draw) {
  if (looked.has(id)) return;
  looked.set(id, null);
  api("GET", `/v1/passages/${encodeURIComponent(id)}`).then((given) => {
    looked.set(id, given.passage ?? given);
    draw();
  }, () => undefined);
}

/** One passage that the verdict rests on. @param {any} pin  @param {() => void} draw called when more is known of it */
export function pinRow(pin, draw) {
  const found = passageOf(pin.passage) ?? passage(pin.passage) ?? looked.get(pin.passage);
  if (!found && !pin.name) lookUp(pin.passage, draw);
  const role = el("select.role", { "aria-label": `What ${pin.name ?? pin.passage} does for the claim` }, ROLES.map((one) => el("option", { value: one.role, selected: one.role === pin.role }, one.label)));
  role.addEventListener("change", () => desk.current && change(desk.current, "role", (mine) => {
    const mineToo = mine.pins.find((one) => one.passage === pin.passage);
    if (mineToo) Object.assign(mineToo, { role: role.value, auto: false });
  }));
  const off = el("button.off", { type: "button", "aria-label": `Unpin ${pin.name ?? pin.passage}` }, "×");
  off.addEventListener("click", () => desk.current && change(desk.current, "unpin", (mine) => void (mine.pins = mine.pins.filter((one) => one.passage !== pin.passage))));
  role.disabled = off.disabled = Boolean(locked());
  // On one line, so that nothing below moves: a long publisher is cut, its year is not.
  const [, publisher, year] = /^(.*?)( \S+)?$/su.exec(pin.name ?? (found ? shortName(found) : pin.passage)) ?? [];
  const name = el("span.pin-name", { title: [`${publisher}${year ?? ""}`, found?.quote].filter(Boolean).join("\n") }, el("span", null, publisher), year);
  return el("li", null, role, name, off);
}

/** A superseded passage that speaks for the claim proposes `outdated`. @param {any} mine  @param {(verdict: string) => void} choose */
export function proposal(mine, choose) {
  if (mine.verdict === "outdated" || locked()) return null;
  const old = mine.pins.filter((one) => one.role === "supports").map((one) => passage(one.passage)).find((one) => one?.document.superseded_by);
  if (!old) return null;
  const next = replacementOf(old);
  const take = el("button.second", { type: "button", id: "take-outdated" }, "Outdated", caps("v5"));
  take.addEventListener("click", () => choose("outdated"));
  return el("div.propose", null, el("p", null, `${shortName(old)} was replaced by ${next ? shortName(next) : old.document.superseded_by}${next ? "." : ", which has no passage here."} Is the claim outdated?`), take);
}

/** What another tab did to the claim, and which of the two is to stand. @param {string} id */
export function quarrel(id) {
  const other = rivals.get(id);
  if (!other) return null;
  const saved = other.verdict !== undefined && other.body === undefined;
  const theirs = saved ? other : other.body;
  const button = (text, mine) => {
    const node = el("button.second", { type: "button" }, text);
    node.addEventListener("click", () => settle(id, mine));
    return node;
  };
  const told = [theirs.verdict ? verdictLabel(theirs.verdict).toLowerCase() : "no verdict", ...FIELDS.map((field) => theirs.feedback?.[field]).filter(Boolean)].join(" · ");
  return el("div.quarrel", { role: "alert" }, el("p", null, el("strong", null, saved ? "Another tab saved a verdict on this claim" : "Another tab changed this claim"), ` at ${clock(other.at)}: ${told}. What you have here is kept.`), el("p.row", null, button("Keep what is here", true), button("Take the other", false)));
}

/** What was decided before, by whom. @param {string} id */
export function past(id) {
  const mine = history(id).at(-1);
  const rows = [];
  if (desk.unsent.has(id)) rows.push(el("p", null, "On its way: ", chip(desk.unsent.get(id).verdict)));
  else if (mine) rows.push(el("p", null, mine.verdict ? `Saved ${clock(mine.at)} ` : `Taken back ${clock(mine.at)} `, mine.verdict ? chip(mine.verdict) : null, mine.seconds ? ` · ${span(mine.seconds)}` : ""));
  for (const one of others(id)) rows.push(el("p", null, `${whoName(one.reviewer.id)}, ${one.reviewer.role}: `, chip(one.verdict)));
  return rows;
}
