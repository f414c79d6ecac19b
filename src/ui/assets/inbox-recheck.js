// Verdicts to look at again: the edition that they rest on was replaced, withdrawn or changed since.

import { count, el } from "./dom.js";
import { whoName } from "./shell.js";
import { dated } from "./when.js";

/** @typedef {{review: string, claim: string, verdict_id: string, reviewer: string, at: string, passage: string, superseded_by: string | null, reason: string, replacement: {passage: string | null, reader: string} | null}} Stale */

const edition = (passage) => passage.split("#")[0];
const reader = (id) => `/r/${id}`;

/** Why a verdict should be looked at again, in words. @param {Stale} one */
function reason(one) {
  const link = one.replacement ? el("a", { href: one.replacement.reader }, one.superseded_by ?? "its replacement") : one.superseded_by;
  if (one.reason === "superseded") return link ? ["Replaced by ", link] : ["Replaced"];
  if (one.reason === "retired") return ["Withdrawn without a successor"];
  if (one.reason === "changed") return ["Its words are read otherwise in the corpus in use"];
  if (one.reason === "gone") return ["No longer in the corpus in use"];
  return [one.reason];
}

/** The list, or that there is nothing on it. @param {Stale[]} verdicts  @param {{id: string, title: string}[]} reviews */
export function rechecks(verdicts, reviews) {
  if (!verdicts.length) {
    return el("div.none", null, el("h3", null, "Nothing to recheck"), el("p", null, "Every verdict rests on passages that are still in force. When an edition is replaced, the verdicts that cite it are listed here."));
  }
  const titles = new Map(reviews.map((review) => [review.id, review.title]));
  const row = (one) =>
    el(
      "tr",
      { "data-id": one.review },
      el("th.what", { scope: "row" }, el("a.recheck", { href: `/desk/${encodeURIComponent(one.review)}#${encodeURIComponent(one.claim)}` }, titles.get(one.review) ?? one.review), el("span.origin", null, `claim ${one.claim.replace(/^c/, "")}`)),
      el("td", null, el("a", { href: reader(one.passage) }, edition(one.passage))),
      el("td", null, ...reason(one)),
      el("td", null, whoName(one.reviewer)),
      el("td.age", null, dated(one.at)),
    );
  const head = ["Verdict on", "Rests on", "What changed", "Reviewer", "Decided"].map((name) => el("th", { scope: "col" }, name));
  return el("table.grid.list", null, el("caption.unseen", null, `${count(verdicts.length, "verdict")} to recheck`), el("thead", null, el("tr", null, head)), el("tbody", null, verdicts.map(row)));
}
