// A passage as a card of the desk: what it says, where it is from, what to mind, and what it is taken for.

import { el, outside } from "./dom.js";
import { keyCaps, keyOf } from "./keymap.js";
import { caution, duplicates, flags, from, hint, quotation, taken, where } from "./passage.js";

export const ROLES = [
  { role: "supports", label: "Supports", action: "supports" },
  { role: "contradicts", label: "Contradicts", action: "contradicts" },
  { role: "context", label: "Context", action: "context" },
];

/** The keys of an action, as hidden decoration of its button. @param {string} action */
export const caps = (action) => el("span.caps", { "aria-hidden": "true", "data-action": action }, keyCaps(keyOf(action)).map((cap) => el("kbd", null, cap)));

/** Publisher and year, as people cite by mouth. @param {any} passage */
export const shortName = ({ document: { publisher, id, year, version } }) => `${publisher ?? id} ${year ?? version}`;

function pinning(editable) {
  const button = ({ role, label, action }) => el("button.pin", { type: "button", "data-role": role, "aria-pressed": "false", disabled: !editable }, label, caps(action));
  return el("span.pins", { role: "group", "aria-label": "What this passage does for the claim" }, ROLES.map(button));
}

function acts(passage, editable) {
  const copy = el("button.plain.copy", { type: "button", "aria-expanded": "false" }, "Copy");
  const reader = el("a.open", { href: passage.links.reader }, "Open");
  return el("div.acts", null, pinning(editable), el("span.ways", null, reader, outside(passage.links.source, "Publisher"), copy), el("div.copying", { hidden: true }));
}

/**
 * The article of a passage. @param {any} passage  @param {Map<string, string>} anchors ids of replacing editions shown above
 * @param {boolean} editable whether it can be pinned
 */
export function card(passage, anchors, editable) {
  const old = passage.document.status !== "current";
  const id = `from-${passage.rank}`;
  return el(
    `article.passage${old ? ".old" : ""}`,
    { id: `passage-${passage.rank}`, tabindex: "-1", "aria-labelledby": id, "data-id": passage.id },
    el("span.rank", { "aria-hidden": "true", title: passage.id }, String(passage.rank)),
    from(passage, id),
    old ? flags(passage, anchors) : null,
    passage.lead ? el("p.lead", null, passage.lead) : null,
    quotation(passage),
    old ? null : flags(passage, anchors),
    hint(passage),
    caution(passage),
    where(passage),
    taken(passage),
    duplicates(passage),
    passage.notice ? el("p.notice", null, passage.notice.replaceAll("'", "’")) : null,
    acts(passage, editable),
  );
}
