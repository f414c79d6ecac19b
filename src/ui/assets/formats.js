// The formats in which a review leaves, and what each is for.

export const FORMATS = [
  { name: "csv", label: "Table", kind: "CSV", use: "One row a claim and reviewer: spreadsheets, pandas, DuckDB." },
  { name: "webannotation", label: "Web Annotations", kind: "JSON-LD", use: "Claims and verdicts as W3C annotations, with the words and offsets they stand on." },
  { name: "labelstudio", label: "Label Studio tasks", kind: "JSON", use: "To look at or go on with in Label Studio; its offsets are converted." },
  { name: "labelstudio-config", label: "Label Studio configuration", kind: "XML", use: "The labelling interface that those tasks need." },
  { name: "inspect", label: "Inspect score edits", kind: "JSON", use: "Verdicts to write back into the Inspect log that the responses came from." },
  { name: "healthbench", label: "HealthBench rubric", kind: "JSONL", use: "Each verdict as a rubric item with points, grounded in the passage, for a grader." },
  { name: "trec-run", label: "TREC run", kind: "text", use: "The ranked passages of each claim, as they were shown." },
  { name: "trec-qrels", label: "TREC qrels", kind: "text", use: "What reviewers pinned, as relevance judgements for such runs." },
  { name: "prov", label: "Provenance", kind: "JSON-LD", use: "Who judged what, when and on which evidence, in W3C PROV-O." },
  { name: "csl", label: "CSL-JSON", kind: "JSON", use: "References of the cited guidelines for citation processors." },
  { name: "bibtex", label: "BibTeX", kind: "text", use: "The same for LaTeX." },
  { name: "ris", label: "RIS", kind: "text", use: "The same for EndNote, Zotero and the like." },
];

/** 1 536 bytes as `1.5 kB`. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
