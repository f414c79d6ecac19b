// Agreement among reviewers, in words first and in figures beside; nothing is shown where nothing is defined.

import { count, el } from "./dom.js";
import { VERDICTS, verdictLabel } from "./verdict.js";

/** @typedef {{units: number, raters?: number, percent: number | null, cohen_kappa: number | null, krippendorff_alpha: number | null, gwet_ac1: number | null, ci95: Record<string, [number, number] | null>, undefined: Record<string, string>}} Figures */
/** @typedef {{first: string, second: string, labels: string[], rows: number[][]}} Confusion */

/** Each measure: its name in answers, what it is called, what it means. @type {[string, string, string][]} */
export const MEASURES = [
  ["percent", "Agreement", "share of pairs of reviewers that gave the same verdict"],
  ["cohen_kappa", "Cohen’s κ", "beyond chance, for two reviewers as they are"],
  ["krippendorff_alpha", "Krippendorff’s α", "beyond chance, reviewers drawn from one pool"],
  ["gwet_ac1", "Gwet’s AC1", "beyond chance, steady where one verdict prevails"],
];

const REASONS = {
  no_units: "nothing has been judged yet",
  nothing_shared: "nothing was judged by two people",
  one_label: "only one verdict was given, so chance alone would agree as often",
};

const signed = (value) => value.toFixed(2).replace("-", "−");

/** A measure as it is read: a share as a percentage, the others with two places. @param {string} name  @param {number | null} value */
export function figure(name, value) {
  if (value == null) return "–";
  return name === "percent" ? `${Math.round(value * 100)}\u00a0%` : signed(value);
}

const range = (name, ends) => (ends ? `${figure(name, ends[0])} to ${figure(name, ends[1])}` : "");

/** The measures with their 95 % intervals. @param {Figures} given */
export function figures(given) {
  const row = ([name, label, meaning]) => {
    const why = given.undefined?.[name];
    const value = given[name];
    return el(
      "tr",
      null,
      el("th", { scope: "row" }, label, el("span.meaning", null, value == null && why ? REASONS[why] ?? why : meaning)),
      el("td.num", null, el("strong", null, figure(name, value))),
      el("td.num.quiet", null, range(name, given.ci95?.[name])),
    );
  };
  const head = el("thead", null, el("tr", null, el("th", { scope: "col" }, el("span.unseen", null, "Measure")), el("th.num", { scope: "col" }, "Value"), el("th.num", { scope: "col" }, "95\u00a0% interval")));
  return el("table.grid.figures", null, el("caption.unseen", null, "Agreement, each measure with its interval"), head, el("tbody", null, MEASURES.map(row)));
}

/** Agreement in one or two sentences. @param {Figures} given */
export function inWords(given) {
  if (!given.units) return "No claim has been judged by two people yet.";
  const same = given.percent == null ? "" : ` and agree on ${Math.round(given.percent * 100)}\u00a0% of the pairs`;
  const few = given.units < 30 ? ` With ${count(given.units, "claim")} the figures are uncertain: read the intervals.` : "";
  return `Two or more people judged ${count(given.units, "claim")}${same}.${few}`;
}

/** A table that scrolls by itself where the window is too narrow for it, also by keyboard. @param {string} label  @param {HTMLElement} table */
export function scroller(label, table) {
  const frame = el("div.scroll", { role: "group", "aria-label": label }, table);
  new ResizeObserver(() => (frame.scrollWidth > frame.clientWidth ? frame.setAttribute("tabindex", "0") : frame.removeAttribute("tabindex"))).observe(frame);
  return frame;
}

/** Who said what against whom. @param {Confusion} confusion  @param {(id: string) => string} [name] */
export function matrix(confusion, name = (id) => id) {
  const { first, second, labels, rows } = confusion;
  const sign = (label) => VERDICTS.find((verdict) => verdict.name === label)?.sign ?? label;
  const head = labels.map((label) => el(`th.num.v-${label}`, { scope: "col" }, el("span", { "aria-hidden": "true", title: verdictLabel(label) }, sign(label)), el("span.unseen", null, verdictLabel(label))));
  const cell = (n, same) => el(`td.num${same ? ".same" : n ? ".differ" : ".zero"}`, null, n || same ? String(n) : el("span", { "aria-label": "0" }, "·"));
  const body = rows.map((row, at) => {
    const label = labels[at];
    const total = row.reduce((sum, n) => sum + n, 0);
    const title = el("th", { scope: "row" }, el("span", { "aria-hidden": "true", class: `sign v-${label}` }, sign(label)), verdictLabel(label));
    return el("tr", null, title, row.map((n, column) => cell(n, column === at)), el("td.num.quiet", null, String(total)));
  });
  const caption = el("caption", null, "Rows: ", el("strong", null, name(first)), ". Columns: ", el("strong", null, name(second)), ".");
  return el("table.grid.matrix", null, caption, el("thead", null, el("tr", null, el("th", { scope: "col" }, el("span.unseen", null, "Verdict")), head, el("th.num", { scope: "col" }, "all"))), el("tbody", null, body));
}
