// Marks in a quotation. The API counts code points, JavaScript counts UTF-16 units: only this file converts.

/** Where each code point of a text begins, in UTF-16 units, and where the text ends. */
export function offsets(text) {
  const starts = [];
  let at = 0;
  for (const point of text) {
    starts.push(at);
    at += point.length;
  }
  starts.push(at);
  return starts;
}

/** Code-point spans as ranges of UTF-16 units, cut to the text. */
export function unitRanges(text, spans) {
  if (!spans.length) return [];
  const starts = offsets(text);
  const clamp = (point) => starts[Math.min(Math.max(point, 0), starts.length - 1)];
  return spans.map(({ start, end }) => [clamp(start), clamp(end)]).filter(([start, end]) => start < end);
}

const PART = /[\p{L}\p{N}]/u;
const ENDINGS = new Set(["", "ing", "ed", "es", "e", "s", "d"]);

/** In small letters, of the same length: where a letter would grow, the text stays as it is. */
function small(text) {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/**
 * Ranges of UTF-16 units at which any of the words stands, whole or in a plain inflection: a claim's "screened" also marks
 * "screening". In order, and joined where they overlap. Words are looked for as they are: a pattern made for each passage
 * takes the browser longer to compile than to use.
 */
export function wordRanges(text, words) {
  const lower = small(text);
  const found = [];
  for (const word of new Set(words.filter(Boolean).map(small))) {
    const stem = word.replace(/(?:ing|ed|es|s)$/u, "");
    const bends = stem.length >= 4 && /^\p{L}+$/u.test(word);
    const wanted = bends ? stem : word;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
      if (at > 0 && PART.test(lower[at - 1])) continue;
      const close = at + wanted.length;
      let end = close;
      while (end < lower.length && end - close < 4 && PART.test(lower[end])) end++;
      if (bends ? ENDINGS.has(lower.slice(close, end)) : end === close) found.push([at, end]);
    }
  }
  return joined(found);
}

/** Ranges in order, those that overlap as one. */
function joined(ranges) {
  const all = [];
  for (const [start, end] of ranges.sort((one, other) => one[0] - other[0])) {
    const last = all.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

/** The text in pieces, each either in a sentence and a word or not; joined they are the text again. */
export function pieces(text, sentences, words) {
  const seams = [...new Set([0, text.length, ...sentences.flat(), ...words.flat()])].sort((a, b) => a - b);
  const within = (ranges, at) => ranges.some(([start, end]) => start <= at && at < end);
  return seams.slice(0, -1).map((start, index) => ({
    text: text.slice(start, seams[index + 1]),
    sentence: within(sentences, start),
    word: within(words, start),
  }));
}
