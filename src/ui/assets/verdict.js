// The five verdicts as every page shows them: a word, a sign and a hue, so that the hue is never the only mark.

import { el } from "./dom.js";

export const VERDICTS = [
  { name: "supported", label: "Supported", key: "1", sign: "✓" },
  { name: "contradicted", label: "Contradicted", key: "2", sign: "✕" },
  { name: "partly", label: "Partly", key: "3", sign: "◐" },
  { name: "not_addressed", label: "Not addressed", key: "4", sign: "○" },
  { name: "outdated", label: "Outdated", key: "5", sign: "↺" },
];

const known = new Map(VERDICTS.map((verdict) => [verdict.name, verdict]));

/** What a verdict is called. @param {string | null} name */
export const verdictLabel = (name) => (name == null ? "Taken back" : known.get(name)?.label ?? name);

/** A verdict as a word with its sign. @param {string | null} name */
export function chip(name) {
  const verdict = known.get(name ?? "");
  return el(`span.v.v-${verdict?.name ?? "none"}`, null, el("i", { "aria-hidden": "true" }, verdict?.sign ?? "–"), verdictLabel(name));
}
