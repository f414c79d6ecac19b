// Asking for evidence: one request a claim, kept while the page is open, the next claim's fetched ahead.

import { api } from "./api.js";
import { blind, claim, desk } from "./desk-state.js";

/** Longest text that is searched as one claim, in code points. */
export const LONGEST = 4000;
const KEPT = 80;

/** @typedef {{request: any, answer: any, error: any, done: Promise<void>}} Search */
/** @type {Map<string, Search>} */
const searches = new Map();
/** Other words to search a claim with. @type {Map<string, string>} */
export const wordings = new Map();
/** How many passages are wanted, where more than usual. @type {Map<string, number>} */
export const amounts = new Map();

/** The body of `POST /v1/evidence` for a text. @param {string} text  @param {string} context  @param {boolean} hidden  @param {number} [k] */
export function bodyOf(text, context, hidden, k = 5) {
  const body = { claim: text, k, include: hidden ? ["trace", "others"] : ["trace", "counter", "others"] };
  return { ...body, ...(context ? { context } : {}), ...(hidden ? { hints: false } : {}) };
}

/** The request that belongs on the screen for a claim. @param {string} id */
export function requestFor(id) {
  const one = claim(id);
  if (!one) return null;
  return bodyOf(wordings.get(id) ?? one.claim, one.context, blind(id), amounts.get(id));
}

/** Most searches that a verdict keeps beside the one on the screen. */
const EARLIER = 8;

/** What was searched for a claim before what is on the screen: its own words first, then the latest of the reviewer's.
 * @param {string} id  @param {string[]} tried */
export function earlierFor(id, tried) {
  const one = claim(id);
  const now = requestFor(id);
  if (!one || !now) return [];
  const texts = [...new Set(tried)].filter((text) => text !== one.claim && text !== now.claim);
  const own = now.claim === one.claim ? [] : [one.claim];
  const fit = [...own, ...texts.slice(own.length - EARLIER)].filter((text) => text.trim() && [...text].length <= LONGEST);
  return fit.map((text) => bodyOf(text, one.context, blind(id), amounts.get(id)));
}

/** Runs a request, or finds what it brought before. @param {any} request  @returns {Search} */
export function search(request) {
  const key = JSON.stringify(request);
  const known = searches.get(key);
  if (known && !known.error) return known;
  /** @type {Search} */
  const mine = { request, answer: null, error: null, done: Promise.resolve() };
  mine.done = api("POST", "/v1/evidence", request).then(
    (answer) => {
      const result = answer.results?.[0];
      if (!result || result.status === "error") mine.error = { problem: result?.error ?? null };
      else mine.answer = answer;
    },
    (error) => {
      mine.error = error;
    },
  );
  searches.set(key, mine);
  for (const old of searches.keys()) if (searches.size > KEPT && old !== key) searches.delete(old);
  return mine;
}

/** Fetches ahead, where it is worth it. @param {string | null} id */
export function ahead(id) {
  const request = id && navigator.onLine ? requestFor(id) : null;
  if (request?.claim.trim() && [...request.claim].length <= LONGEST) search(request);
}

/** A passage that some answer of this visit had. @param {string} id */
export function passage(id) {
  for (const { answer } of [...searches.values()].reverse()) {
    const result = answer?.results?.[0];
    const found = [...(result?.passages ?? []), ...(result?.counter ?? []), ...(result?.others ?? [])].find((one) => one.id === id);
    if (found) return found;
  }
  return null;
}

/** The best passage of an edition among the answers of this visit, newest first. @param {string} version `uspstf-aaa@2019` */
export function ofEdition(version) {
  for (const { answer } of [...searches.values()].reverse()) {
    const is = (one) => [`${one.document.id}@${one.document.version}`, ...(one.document.same_edition ?? [])].includes(version);
    const found = answer?.results?.[0]?.passages.find(is);
    if (found) return found;
  }
  return null;
}

/** Whether the current claim's evidence is on the screen. */
export function onScreen() {
  const request = desk.current ? requestFor(desk.current) : null;
  return request ? searches.get(JSON.stringify(request))?.answer?.results?.[0] ?? null : null;
}
