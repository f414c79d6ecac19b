// The middle column: what guidelines say about the claim, which passage is looked at, and what it is taken for.

import { words } from "./api.js";
import { byId, count, el, field, say } from "./dom.js";
import { card, shortName } from "./desk-card.js";
import { blind, body, change, claim, desk, emit, locked, on, verdictOf } from "./desk-state.js";
import { ahead, amounts, LONGEST, onScreen, requestFor, search, wordings } from "./desk-search.js";
import { neighbour, nextOpen } from "./desk-response.js";
import { disagreement, group, milliseconds, NOTES, ranked, trail } from "./outcome.js";
import { list } from "./passage.js";

/** What a coverage is called on one line. */
const COVERAGE = { addressed: "Addressed", partly: "Addressed in part", not_addressed: "Not addressed here", out_of_scope: "Out of scope" };

/** @type {any[]} the passages on the screen, in its order */
let shown = [];
let at = 0;
let sides = false;
/** The request whose answer is on the screen. */
let onView = "";

const results = () => byId("results");
/** The passages that can be reached, from top to bottom. @returns {HTMLElement[]} */
export const articles = () => /** @type {HTMLElement[]} */ ([...results().querySelectorAll(byId("desk").classList.contains("no-old") ? "article.passage:not(.old)" : "article.passage")]);

/** The passage that is looked at, or `null`. */
export function currentPassage() {
  const node = articles()[at];
  return node ? shown.find((one) => one.id === node.dataset.id) ?? null : null;
}

export const passageOf = (id) => shown.find((one) => one.id === id) ?? null;

/** Looks at a passage. @param {number} index  @param {boolean} [focus] */
export function select(index, focus = true) {
  const all = articles();
  if (!all.length) return false;
  at = Math.min(Math.max(index, 0), all.length - 1);
  for (const one of results().querySelectorAll("article.passage.at")) one.classList.remove("at");
  all.forEach((one, place) => one.setAttribute("tabindex", place === at ? "0" : "-1"));
  all[at].classList.add("at");
  if (focus) {
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  }
  return true;
}

export const move = (step) => select(at + step);

// What is shown

function headline(text, more) {
  byId("outcome").replaceChildren(el("strong", null, text), ...(more ? [" ", el("span", null, more)] : []));
}

/** Which side a passage is on: as pinned, else, where hints may be seen, as the answer says. */
function sideOf(passage, result, hidden) {
  const pin = body(desk.current ?? "").pins.find((one) => one.passage === passage.id);
  if (pin && pin.role !== "context") return pin.role;
  if (hidden) return null;
  // Of two that disagree the first is the one that more likely supports the claim.
  const pair = (result.conflicts ?? []).map((one) => one.passages).find((one) => one.includes(passage.id));
  if (pair) return passage.hint?.stance === "contradicts" || pair[1] === passage.id ? "contradicts" : "supports";
  const differs = (passage.flags ?? []).some((flag) => flag.kind === "quantity_mismatch" || flag.kind === "direction_mismatch");
  if (differs && (result.counter ?? []).some((one) => one.id === passage.id)) return "contradicts";
  return passage.hint && passage.hint.stance !== "neutral" ? passage.hint.stance : null;
}

function bothSides(result, all, hidden) {
  const made = (passage, anchors) => card(passage, anchors, !locked());
  const column = (side, title, none) => {
    const these = all.filter((passage) => sideOf(passage, result, hidden) === side);
    return el("section.side", { "aria-label": title }, el("h3", null, title), these.length ? list(these, made) : el("p.quiet", null, none));
  };
  return [
    el("div.sides", null, column("supports", "Supports the claim", "No passage is taken to support it."), column("contradicts", "Contradicts the claim", "No passage is taken to contradict it.")),
    column(null, "Not on a side", "All passages are on a side."),
  ];
}

function answered(answer, hidden) {
  const result = answer.results[0];
  const { counter, others } = ranked(result);
  shown = [...result.passages, ...counter, ...others];
  const made = (passage, anchors) => card(passage, anchors, !locked());
  const found = result.passages.length ? `${count(result.passages.length, "passage")} · ` : "";
  headline(COVERAGE[result.coverage] ?? "Evidence", `${found}${milliseconds(result.took_ms)}\u00a0ms · snapshot ${answer.snapshot.id.slice(0, 8)}`);
  const calm = !result.passages.length || ["not_addressed", "out_of_scope"].includes(result.coverage);
  const note = result.passages.length ? NOTES[result.coverage] : null;
  const beside = [group("On the other side", counter, made), group("Other bodies", others, made)];
  const more = result.passages.length >= (amounts.get(desk.current ?? "") ?? 5) ? el("p.more", null, el("button.second.wider", { type: "button" }, "More passages")) : null;
  const main = sides ? bothSides(result, shown, hidden) : [result.passages.length ? list(result.passages, made) : null, ...beside];
  const veil = hidden ? el("p.veil", null, "Blind review: hints, flags and the other side are shown once you have decided.") : null;
  return [veil, note ? el("p.note", null, note) : null, hidden ? null : disagreement(result), ...main, calm ? trail(result, []) : more].filter((part) => part !== null);
}

/** Places of the passages to come, as high as passages are. */
const bones = () => Array.from({ length: 4 }, () => el("div.passage.bones", { "aria-hidden": "true" }, el("span.rank"), ...Array.from({ length: 5 }, () => el("i"))));

function trouble(title, text, again) {
  shown = [];
  headline(title);
  return [el("div.trail", { role: "status" }, el("p", null, text), again ? el("p", null, el("button.second.again", { type: "button" }, "Try again")) : null)];
}

function failed(error) {
  if (error.problem !== undefined) return trouble("The search failed", error.problem?.detail ?? error.problem?.title ?? "The service gave no reason.", true);
  if (error.offline) return trouble("No connection", `${words(error)} What you write is kept on this machine; the evidence comes when the service answers again.`, true);
  return trouble(error.status === 413 || error.status === 422 ? "This cannot be searched" : "The search failed", words(error), true);
}

/** Puts content into the column; the passage that was looked at stays so where it is still there. */
function put(parts, key) {
  const kept = key === onView ? currentPassage()?.id : null;
  onView = key;
  // Before the new passages are there: scrolling lays the page out, and with them that would take the longest.
  if (!kept) results().scrollTop = 0;
  results().replaceChildren(...parts);
  results().removeAttribute("aria-busy");
  const index = kept ? articles().findIndex((one) => one.dataset.id === kept) : 0;
  select(Math.max(index, 0), false);
  pinned();
}

/** Shows the evidence of the claim that is looked at. @param {boolean} [loud] whether to say what came */
export async function show(loud = false) {
  const id = desk.current;
  const one = claim(id);
  if (!id || !one || locked() === "erased") return nothing();
  const request = requestFor(id);
  const input = field("query");
  if (document.activeElement !== input || input.dataset.claim !== id) input.value = request.claim;
  input.dataset.claim = id;
  asWritten();
  const length = [...request.claim].length;
  if (length > LONGEST) return put(trouble("Too long to search", `This claim has ${length} characters; ${LONGEST} can be searched. Cut it in two, or write shorter words to search with.`, false), "");
  const key = JSON.stringify(request);
  const asked = search(request);
  if (!asked.answer && !asked.error) {
    // At once, so that no passage of another claim can be pinned to this one.
    shown = [];
    headline("Searching…");
    results().setAttribute("aria-busy", "true");
    results().replaceChildren(...bones());
    onView = "";
    await asked.done;
    if (JSON.stringify(requestFor(desk.current ?? "")) !== key) return;
  }
  put(asked.answer ? answered(asked.answer, request.hints === false) : failed(asked.error), key);
  if (loud) say(`${byId("outcome").textContent}`);
  if (!asked.error) fetchAhead();
  emit("evidence", id);
}

/** The two claims that are likely next, once the page is at rest. */
function fetchAhead() {
  setTimeout(() => {
    ahead(nextOpen());
    ahead(neighbour(1));
  }, 60);
}

function nothing() {
  shown = [];
  field("query").value = "";
  headline(desk.claims.length ? "No claim chosen" : "No claims yet");
  const text = desk.review?.erased_at ? "The texts were erased." : "Choose a claim in the response, or select any words there and press n.";
  results().replaceChildren(el("div.trail", null, el("p", null, text)));
}

// Searching with other words

/** Whether the words in the field are the claim's own. */
function asWritten() {
  const one = claim();
  const own = !one || field("query").value.trim() === one.claim;
  field("keep-words").disabled = own || !field("query").value.trim() || Boolean(locked());
  field("own-words").disabled = own;
}

/** Searches with the words in the field. @param {Event} [event] */
function requery(event) {
  event?.preventDefault();
  const id = desk.current;
  const text = field("query").value.trim();
  if (!id || !text) return;
  if (text === claim(id)?.claim) wordings.delete(id);
  else wordings.set(id, text);
  if (!locked()) change(id, null, (mine) => void (mine.searches.includes(text) || mine.searches.push(text)));
  byId("query").blur();
  show(true);
}

// Pins

/** Takes the passage for something, or no longer; a second press takes it back. @param {any} passage  @param {string} role */
export function pin(passage, role) {
  const id = desk.current;
  if (!id || !passage || locked()) return false;
  change(id, `${role} ${shortName(passage)}`, (mine) => {
    const known = mine.pins.find((one) => one.passage === passage.id);
    const off = known?.role === role && !known.auto;
    mine.pins = mine.pins.filter((one) => one.passage !== passage.id && !one.auto);
    if (!off) mine.pins.push(asPin(passage, role));
  });
  const now = body(id).pins.find((one) => one.passage === passage.id);
  say(now ? `${shortName(passage)} ${now.role === "context" ? "is context" : now.role}.` : "No longer pinned.");
  return true;
}

/** @param {any} passage  @param {string} role  @param {boolean} [auto] */
export const asPin = (passage, role, auto = false) => ({ passage: passage.id, passage_sha256: passage.quote_sha256, role, name: shortName(passage), superseded_by: passage.document.superseded_by ?? null, ...(auto ? { auto } : {}) });

/** Shows on the cards what is pinned. */
function pinned() {
  if (!desk.current) return;
  const pins = new Map(body(desk.current).pins.map((one) => [one.passage, one.role]));
  for (const node of results().querySelectorAll("article.passage")) {
    const role = pins.get(node instanceof HTMLElement ? node.dataset.id ?? "" : "");
    node.classList.toggle("pinned", Boolean(role));
    for (const button of node.querySelectorAll("button.pin")) button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset.role === role));
  }
}

export function toggleSides() {
  sides = !sides;
  if (onScreen()) show();
  say(sides ? "Both sides next to each other." : "In order of rank.");
  return true;
}

export function toggleSuperseded() {
  const hidden = byId("desk").classList.toggle("no-old");
  select(at, false);
  say(hidden ? "Superseded passages are hidden." : "Superseded passages are shown.");
  return true;
}

function click(event) {
  if (!(event.target instanceof Element)) return;
  const article = event.target.closest("article.passage");
  if (article instanceof HTMLElement) select(articles().indexOf(article), false);
  const button = event.target.closest("button.pin");
  if (button instanceof HTMLElement && article instanceof HTMLElement) pin(passageOf(article.dataset.id), button.dataset.role ?? "");
  else if (event.target.closest(".again")) show(true);
  else if (event.target.closest(".wider")) {
    amounts.set(desk.current ?? "", Math.min((amounts.get(desk.current ?? "") ?? 5) * 2, 50));
    show(true);
  }
  const within = event.target.closest("a[href^='#passage-']");
  if (within instanceof HTMLAnchorElement) {
    event.preventDefault();
    select(articles().findIndex((one) => `#${one.id}` === within.hash));
  }
}

/** Begins to show evidence. */
export function start() {
  let blindBefore = false;
  on("current", () => {
    blindBefore = Boolean(desk.current && blind(desk.current));
    show();
  });
  on("verdict", (id) => {
    if (id === desk.current && blindBefore !== blind(id)) {
      blindBefore = blind(id);
      if (!verdictOf(id) || !blindBefore) show();
    }
  });
  on("claims", () => (claim() ? claim()?.claim !== field("query").value && show() : nothing()));
  on("draft", (id) => id === desk.current && pinned());
  results().addEventListener("click", click);
  results().addEventListener("focusin", (event) => {
    const index = event.target instanceof Element ? articles().findIndex((one) => one.contains(/** @type {Element} */ (event.target))) : -1;
    if (index >= 0 && index !== at) select(index, false);
  });
  byId("ask").addEventListener("submit", requery);
  byId("own-words").addEventListener("click", () => {
    field("query").value = claim()?.claim ?? "";
    requery();
  });
  byId("query").addEventListener("input", asWritten);
  byId("query").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.ctrlKey && !event.metaKey) requery(event);
    else if (event.key === "Escape") {
      event.stopPropagation();
      field("query").value = requestFor(desk.current ?? "")?.claim ?? "";
      asWritten();
      byId("query").blur();
    }
  });
}
