// What the desk knows: the review, its claims, the drafts, what was decided. Views listen here; nothing here touches the page.

/** @typedef {{id: string, start: number, end: number, text: string, claim: string, context: string, checkworthy: boolean, removed: boolean, origin: string}} Claim */
/** @typedef {{passage: string, passage_sha256: string, role: string, auto?: boolean, name?: string, superseded_by?: string | null}} Pin */
/** @typedef {{verdict: string | null, pins: Pin[], errors: {code: string, severity: string | null}[], harm: {extent: string, likelihood: string}, feedback: {what: string, why: string, fix: string}, assembled: {what: string, why: string, fix: string} | null, adjudicate: boolean, seconds: number, searches: string[]}} Body */
/** @typedef {{version: number, body: Body, at: string | null, dirty: boolean, from?: string | null}} Draft */

/** @type {Map<string, Set<(detail?: any) => void>>} */
const listeners = new Map();

/** Calls back on `claims`, `current`, `draft`, `verdict`, `review`, `evidence`, `keys`, `refused`, `touched`. @param {string} name  @param {(detail?: any) => void} listener */
export function on(name, listener) {
  const known = listeners.get(name) ?? new Set();
  listeners.set(name, known.add(listener));
}

/** @param {string} name  @param {any} [detail] */
export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}

export const desk = {
  /** @type {any} */ review: null,
  /** @type {any} */ taxonomy: null,
  /** @type {{id: string, name: string, role: string} | null} */ me: null,
  /** @type {Claim[]} */ claims: [],
  /** @type {string | null} */ current: null,
  /** @type {Map<string, Draft>} */ drafts: new Map(),
  /** Verdicts on their way: the body of the request by claim. @type {Map<string, any>} */ unsent: new Map(),
};

/** Takes a review as the service gave it; drafts with unsaved changes stay as they are here. @param {any} review */
export function take(review) {
  desk.review = review;
  desk.claims = review.claims.filter((claim) => !claim.removed).sort((one, other) => one.start - other.start || one.end - other.end);
  for (const [id, given] of Object.entries(review.drafts ?? {})) {
    const mine = desk.drafts.get(id);
    if (!mine?.dirty) desk.drafts.set(id, { version: given.version, body: whole(given.body), at: given.at, dirty: false });
  }
  for (const [id, mine] of desk.drafts) {
    const stale = mine.version > 0 || (mine.from ?? null) !== (latest(id)?.id ?? null);
    if (!mine.dirty && !review.drafts?.[id] && stale) desk.drafts.delete(id);
  }
  if (!claim(desk.current)) desk.current = null;
  emit("review");
  emit("claims");
}

/** @param {string | null} [id]  @returns {Claim | undefined} */
export const claim = (id = desk.current) => desk.claims.find((one) => one.id === id);

/** The claims that are asked about: those worth checking, and those that somebody judged all the same. */
export const asked = () => desk.claims.filter(wanted);
const wanted = (one) => one.checkworthy || one.id === desk.current || verdictOf(one.id);

/** The first of them, without going through all: it is asked for with each claim that is drawn. */
export const firstAsked = () => desk.claims.find(wanted);

/** This reviewer's verdicts on a claim, oldest first. @param {string} id */
export const history = (id) => desk.review.verdicts.filter((one) => one.claim === id && one.reviewer.id === desk.me?.id);

/** The last verdicts by claim, read once for each state of the log. */
const last = { /** @type {any} */ log: null, length: 0, by: new Map() };

/** The last one that the service has. @param {string | null} id */
export function latest(id) {
  const log = desk.review.verdicts;
  if (last.log !== log || last.length !== log.length) {
    last.by = new Map(log.filter((one) => one.reviewer.id === desk.me?.id).map((one) => [one.claim, one]));
    Object.assign(last, { log, length: log.length });
  }
  return (id && last.by.get(id)) ?? null;
}

/** What is decided, sent or on its way; `null` where nothing is. @param {string} id  @returns {string | null} */
export const verdictOf = (id) => (desk.unsent.has(id) ? desk.unsent.get(id).verdict : latest(id)?.verdict ?? null);

/** Others' latest verdicts on a claim, where they may be seen. @param {string} id */
export function others(id) {
  const known = new Map();
  for (const one of desk.review.verdicts) if (one.claim === id && one.reviewer.id !== desk.me?.id) known.set(one.reviewer.id, one);
  return [...known.values()].filter((one) => one.verdict);
}

/** Whether hints, flags of the pair and the other side stay hidden for this claim. @param {string} id */
export const blind = (id) => Boolean(desk.review?.you?.blind) && !verdictOf(id);

/** Why nothing can be decided here, or `null`. */
export function locked() {
  if (!desk.review) return "loading";
  if (desk.review.erased_at) return "erased";
  if (!desk.me) return "nobody";
  if (!desk.review.you) return "unassigned";
  return null;
}

/** @returns {Body} */
const empty = () => ({ verdict: null, pins: [], errors: [], harm: { extent: "", likelihood: "" }, feedback: { what: "", why: "", fix: "" }, assembled: null, adjudicate: false, seconds: 0, searches: [] });

/** A stored body with whatever an older page left out. @param {any} body  @returns {Body} */
export const whole = (body) => ({ ...empty(), ...body });

/** What was decided as something that can be changed. @param {any} record  @returns {Body} */
export function fromRecord(record) {
  if (!record?.verdict) return empty();
  const { verdict, evidence, errors, harm, feedback, needs_adjudication } = record;
  return whole({ verdict, pins: evidence.map((pin) => ({ ...pin })), errors: errors.map((one) => ({ ...one })), harm: harm ?? empty().harm, feedback: { ...empty().feedback, ...feedback }, adjudicate: needs_adjudication });
}

/** The draft of a claim; made from the last verdict where there is none. @param {string} id  @returns {Draft} */
export function draft(id) {
  const known = desk.drafts.get(id);
  if (known) return known;
  const made = { version: 0, body: fromRecord(desk.unsent.get(id) ?? latest(id)), at: null, dirty: false, from: latest(id)?.id ?? null };
  desk.drafts.set(id, made);
  return made;
}

/** @param {string} id */
export const body = (id) => draft(id).body;

// Undo: what was done, newest last, each with how it is taken back. Text fields have the browser's own.

/** @type {{label: string, undo: () => unknown}[]} */
const done = [];

/** @param {string} label  @param {() => unknown} undo */
export function remember(label, undo) {
  done.push({ label, undo });
  if (done.length > 200) done.shift();
}

/** Takes back the last thing that was done; its name, or `null`. */
export async function undo() {
  const last = done.pop();
  if (!last) return null;
  await last.undo();
  return last.label;
}

/**
 * Changes the draft of a claim. With a label the change can be undone.
 * @param {string} id  @param {string | null} label  @param {(body: Body) => void} make
 */
export function change(id, label, make) {
  const mine = draft(id);
  const before = label === null ? null : structuredClone(mine.body);
  make(mine.body);
  mine.dirty = true;
  if (label !== null && before) {
    remember(label, () => {
      const now = draft(id);
      now.body = { ...before, seconds: now.body.seconds };
      now.dirty = true;
      emit("draft", id);
      emit("touched", id);
    });
  }
  emit("draft", id);
  emit("touched", id);
}
