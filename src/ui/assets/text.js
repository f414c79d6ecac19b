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
  const starts = offsets(text);
  const clamp = (point) => starts[Math.min(Math.max(point, 0), starts.length - 1)];
  return spans.map(({ start, end }) => [clamp(start), clamp(end)]).filter(([start, end]) => start < end);
}

const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");

/** A word, whole, and its plain inflections: a claim's "screened" also marks "screening". */
function pattern(word) {
  const stem = word.replace(/(?:ing|ed|es|s)$/iu, "");
  return stem.length >= 4 && /^\p{L}+$/u.test(word) ? `${escaped(stem)}(?:ing|ed|es|e|s|d)?` : escaped(word);
}

/** Ranges of UTF-16 units at which any of the words stands. */
export function wordRanges(text, words) {
  const patterns = [...new Set(words.filter(Boolean))].sort((a, b) => b.length - a.length).map(pattern);
  if (!patterns.length) return [];
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  return [...text.matchAll(wanted)].map((hit) => [hit.index, hit.index + hit[0].length]);
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
