// One passage as an article: where it is from, its words, what to mind, where it stands, where to go.

import { el, outside } from "./dom.js";
import { pieces, unitRanges, wordRanges } from "./text.js";

/** The quotation, with the rationale on a ground and the claim's words by weight. */
export function quotation(passage) {
  const why = passage.why ?? [];
  const words = why.flatMap((one) => (one.kind === "term" ? [one.text] : one.kind === "expansion" ? [one.to, ...one.to.split(" ")] : []));
  // A ground under everything would set nothing apart.
  const whole = ([start, end]) => start === 0 && end === passage.quote.length;
  const sentences = unitRanges(passage.quote, passage.rationale ?? []).filter((range) => !whole(range));
  const quote = el(`blockquote.quote${passage.document.tier === "digest" ? "" : ".own"}`);
  let mark = null;
  for (const piece of pieces(passage.quote, sentences, wordRanges(passage.quote, words))) {
    const text = piece.word ? el("b", null, piece.text) : document.createTextNode(piece.text);
    if (!piece.sentence) mark = null;
    else if (!mark) quote.append((mark = el("mark")));
    (mark ?? quote).append(text);
  }
  return quote;
}

/** The grade as printed, led by its system where the printed words do not name it. */
export function gradeText(grade) {
  if (!grade) return null;
  const words = grade.verbatim || grade.code;
  const printed = words.length === 1 ? `grade ${words}` : words;
  return grade.system && !printed.includes(grade.system) ? `${grade.system} ${printed}` : printed;
}

export function pageText(page) {
  return page ? `p.\u00a0${page.label ?? page.index + 1}` : null;
}

/** Parts on one line with a point between them. */
export function line(name, parts) {
  const told = parts.filter(Boolean);
  return el(name, null, told.flatMap((part, at) => (at < told.length - 1 ? [el("span.dot", null, part), " "] : [part])));
}

export function from(passage, id) {
  const { document: doc, locator } = passage;
  const edition = doc.year ?? doc.version;
  const source = line("span", [doc.publisher ?? doc.id, String(edition), doc.jurisdiction, pageText(locator.page)]);
  const against = passage.direction === "against" ? " · recommends against" : "";
  const grade = gradeText(passage.grade);
  const graded = grade || against ? el("span.grade", null, `${grade ?? ""}${grade ? against : against.slice(3)}`) : null;
  return el("p.from", { id }, source, graded);
}

/** What to mind, as sentences. */
export function flags(passage, anchors) {
  return (passage.flags ?? []).map((flag) => {
    if (flag.evidence) return difference(flag);
    if (flag.kind !== "superseded" || !flag.superseded_by) return el("p.flag", null, sentence(flag.message ?? flag.kind));
    const here = anchors.get(flag.superseded_by);
    const href = here ? `#${here}` : passage.replacement && `/r/${flag.superseded_by}`;
    const target = href ? el("a", { href }, flag.superseded_by) : flag.superseded_by;
    const rest = here ? ", above." : href ? ", whose text has no passage on this claim." : ", which this corpus does not hold.";
    return el("p.flag", null, "Superseded by ", target, rest);
  });
}

const DETAILS = { quantity_mismatch: "Another number", unit_mismatch: "Another unit", population_mismatch: "Other people", direction_mismatch: "Another direction", grade_mismatch: "Another grade", jurisdiction: "Another country" };

/** A detail that differs: which, then the claim's words and the passage's. */
function difference(flag) {
  const name = DETAILS[flag.kind] ?? flag.kind;
  // Which way two texts point, and what they put first, is told in our words, not in theirs.
  if (flag.kind === "direction_mismatch") return el("p.flag.differs", null, `${flag.field === "order" ? "Another order" : name}: ${flag.message.replace(/^(?:direction|order) differs: /, "")}.`);
  const field = flag.field && !["direction", "grade", "jurisdiction"].includes(flag.field) ? ` (${flag.field.replaceAll("_", " ")})` : "";
  return el("p.flag.differs", { title: flag.message }, `${name}${field}: the claim says `, el("q", null, flag.claim), ", the passage ", el("q", null, flag.evidence), ".");
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** The headings above a passage without the document's title, which stands before them, whole or up to its subtitle. */
export function pathOf(section, title) {
  const whole = bare(title ?? "");
  const told = (heading) => {
    const words = bare(heading);
    return whole === words || (words.length > 20 && (whole.startsWith(`${words} `) || words.startsWith(`${whole} `) || whole.endsWith(` ${words}`)));
  };
  return section.filter((heading, at) => !(at === 0 ? told(heading) : heading === title));
}

export function where(passage) {
  const { document: doc, locator, population } = passage;
  const path = pathOf(locator.section ?? [], doc.title).join(" › ");
  const title = doc.title ? el("cite.title", null, doc.title) : null;
  const about = population?.words ? `For ${population.words}` : null;
  return [line("p.where", [title, path, locator.place]), about ? el("p.where", null, about) : null];
}

/** What to mind about the edition's currency. */
export function caution({ document: doc }) {
  return doc.caution ? el("p.caution", null, sentence(doc.caution.replaceAll("'", "’"))) : null;
}

/** Which of the claim's words were taken for which others; nothing where the claim's own words stand there. */
export function taken(passage) {
  const expansions = (passage.why ?? []).filter((one) => one.kind === "expansion");
  if (!expansions.length) return null;
  // Said once: neither the way back nor the same words for a part of what was told.
  const within = (words, whole) => ` ${whole} `.toLowerCase().includes(` ${words} `.toLowerCase());
  const again = (one, other) => (one.from === other.from && within(one.to, other.to)) || (one.from === other.to && one.to === other.from);
  const fresh = (one, at) => !expansions.slice(0, at).some((other) => again(one, other));
  const told = expansions.filter(fresh).slice(0, 4).map((one) => `“${one.from}” as “${one.to}”`);
  return el("p.where.taken", null, `Read ${told.join(", ")}.`);
}

const HINTS = { supports: "the passage supports the claim", contradicts: "the passage contradicts the claim", neutral: "the passage does not settle the claim" };

/** What the machine takes the passage to mean, where it is sure enough; the verdict is the reader's. */
export function hint({ hint: given }) {
  if (!given) return null;
  const told = `Hint: ${HINTS[given.stance] ?? given.stance}`;
  return el(`p.hinted.${given.stance}`, null, told, el("span.sure", null, ` (${Math.round(given.confidence * 100)} in 100 such hints are right)`));
}

/** Where else the same words stand. */
export function duplicates(passage) {
  const others = passage.duplicates ?? [];
  if (!others.length) return null;
  const name = (other) => [other.title === passage.document.title ? null : other.title, other.locator.section?.at(-1), pageText(other.locator.page)].filter(Boolean).join(", ");
  const items = others.slice(0, 5).flatMap((other, at) => [at ? "; " : "", el("a", { href: other.reader }, name(other) || other.id)]);
  const more = others.length > 5 ? ` and ${others.length - 5} more` : "";
  return el("p.where.also", null, "Also printed in ", ...items, `${more}.`);
}

function links(passage) {
  const copy = el("button.plain.copy", { type: "button" }, "Copy citation");
  const reader = el("a.open", { href: passage.links.reader }, "Open in reader");
  return el("p.links", null, reader, outside(passage.links.source, "Publisher’s page"), copy);
}

/** The article of a passage; `anchors` has the element ids of replacing editions shown above. */
export function article(passage, anchors) {
  const old = passage.document.status !== "current";
  const id = `from-${passage.rank}`;
  return el(
    `article.passage${old ? ".old" : ""}`,
    { id: `passage-${passage.rank}`, tabindex: "-1", "aria-labelledby": id, "data-id": passage.id },
    el("span.rank", { "aria-hidden": "true" }, String(passage.rank)),
    from(passage, id),
    passage.lead ? el("p.lead", null, passage.lead) : null,
    old ? flags(passage, anchors) : null,
    quotation(passage),
    old ? null : flags(passage, anchors),
    hint(passage),
    caution(passage),
    where(passage),
    taken(passage),
    duplicates(passage),
    passage.notice ? el("p.notice", null, passage.notice.replaceAll("'", "’")) : null,
    links(passage),
    el("p.cite", null, passage.citation),
  );
}

/** Passages as a list; what a shown edition replaced stands beneath it. `make` makes one passage's element. */
export function list(passages, make = article) {
  const anchors = new Map();
  const items = new Map();
  const top = el("ol", { role: "list" });
  for (const passage of passages) {
    const version = `${passage.document.id}@${passage.document.version}`;
    const above = items.get(passage.document.superseded_by);
    const item = el("li", null, make(passage, anchors));
    if (above) {
      if (!above.older) above.item.append((above.older = el("ol.older", { role: "list" })));
      above.older.append(item);
    } else {
      top.append(item);
    }
    // What replaced a summary may stand here in the guideline's own words.
    for (const id of [version, ...(passage.document.same_edition ?? [])]) {
      if (items.has(id)) continue;
      items.set(id, above ?? { item, older: null });
      anchors.set(id, `passage-${passage.rank}`);
    }
  }
  return top;
}
