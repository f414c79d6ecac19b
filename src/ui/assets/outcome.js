// What came of a search, in words: the heading above the passages, and the pages that say there are none.

import { count, el } from "./dom.js";
import { list } from "./passage.js";

export const HEADINGS = {
  addressed: "This corpus addresses the claim",
  partly: "This corpus addresses the claim in part",
  not_addressed: "Nothing in this corpus addresses the claim",
  out_of_scope: "The claim lies outside this corpus",
};
export const NOTES = {
  partly: "No passage is about all of it. ",
  not_addressed: "Those below share words with it and no more. ",
};

export const milliseconds = (ms) => (ms >= 100 ? ms.toFixed(0) : ms.toFixed(1));

/** The heading and the quiet line under it. */
function heading(result, snapshot) {
  const shown = result.passages.length;
  const documents = new Set(result.passages.map((passage) => passage.document.id)).size;
  const found = shown ? `${count(shown, "passage")} from ${count(documents, "document")} · ` : "";
  const note = (shown && NOTES[result.coverage]) || "";
  return [
    el("h2", null, HEADINGS[result.coverage] ?? "Evidence"),
    el("p", null, `${note}${found}${milliseconds(result.took_ms)}\u00a0ms · snapshot `, el("code", null, snapshot.id)),
  ];
}

/** What was searched, and what could be tried instead. */
export function trail(result, filters) {
  const trace = result.trace;
  const searched = trace && count(trace.documents_considered, "edition was", "editions were");
  const next = [
    "Use the words a guideline would use: the condition, the drug or test, the population.",
    filters.length ? "Widen or reset the filters." : null,
    "It may be a question for another corpus, or one that no guideline answers.",
  ];
  return el(
    "div.trail",
    null,
    el("h3", null, "What was searched"),
    el("p", null, searched ? `${searched} searched` : "The whole corpus was searched", filters.length ? ` (${filters.join(", ")}).` : "."),
    result.coverage === "out_of_scope" ? el("p", null, "None of the claim’s topic words occurs in it.") : null,
    ...(trace?.queries ?? []).filter(Boolean).map((query) => el("p", null, "Looked for: ", el("q", null, query))),
    el("h3", null, "What to try"),
    el("ul", { role: "list" }, next.filter(Boolean).map((text) => el("li", null, text))),
  );
}

const CAUSES = { jurisdiction: "they are for different countries", real: "they advise otherwise" };

/** That guidelines in force disagree, with the passages on either side. */
export function disagreement(result) {
  const found = result.conflicts ?? [];
  if (!result.conflict || !found.length) return null;
  const all = [...result.passages, ...(result.counter ?? [])];
  const name = (id) => {
    const passage = all.find((one) => one.id === id);
    return passage ? `${passage.document.publisher ?? passage.document.id}, ${passage.document.year ?? passage.document.version}` : id;
  };
  const told = (one) => {
    const [first, second] = one.passages.map(name);
    return [el("p", null, el("strong", null, "Guidelines in force may disagree: "), `${first} and ${second}. Likely cause: ${CAUSES[one.cause] ?? one.cause}.`), el("p.where", null, one.message)];
  };
  return el("div.conflict", null, ...found.flatMap(told));
}

/** What stands below the first passages, with places that go on from theirs. */
export function ranked(result) {
  const from = (passages, start) => (passages ?? []).map((passage, at) => ({ ...passage, rank: start + at + 1 }));
  const counter = from(result.counter, result.passages.length);
  return { counter, others: from(result.others, result.passages.length + counter.length) };
}

/** A titled list of passages, where there are any. */
export function group(title, passages, made) {
  return passages.length ? el("section.counter", { "aria-label": title }, el("h3", null, title), list(passages, made)) : null;
}

/** An answer as what to show and what to say. */
export function answer(result, snapshot, filters) {
  const none = !result.passages.length;
  const calm = none || result.coverage === "not_addressed" || result.coverage === "out_of_scope";
  const beside = ranked(result);
  const body = [disagreement(result), none ? null : list(result.passages), group("On the other side", beside.counter), group("Other bodies", beside.others), calm ? trail(result, filters) : null];
  const said = `${HEADINGS[result.coverage] ?? "Answered"}. ${none ? "No passages" : count(result.passages.length, "passage")}.${result.conflict ? " Guidelines in force may disagree." : ""}`;
  return { head: heading(result, snapshot), body: body.filter(Boolean), said };
}

/** Why there is no answer, and what to do. */
export function trouble(title, text, faults, retry) {
  const again = retry ? el("p", null, el("button.plain.again", { type: "button" }, "Try again")) : null;
  const details = faults?.length ? el("ul", { role: "list" }, faults.map((fault) => el("li", null, fault))) : null;
  return { head: [el("h2", null, title), el("p", null, text)], body: [el("div.trail", null, details, again)], said: `${title}. ${text}` };
}

/** Places of the passages to come, as high as passages are. */
export function skeleton(k) {
  const bones = () => el("div.passage.bones", { "aria-hidden": "true" }, el("span.rank"), ...Array.from({ length: 6 }, () => el("i")));
  return { head: [el("h2", null, "Searching…"), el("p", null, "\u00a0")], body: Array.from({ length: Math.min(k, 8) }, bones) };
}
