// Saving: drafts by themselves, verdicts when asked, both kept on this machine until the service has them.

import { api, Problem, words } from "./api.js";
import { byId, say } from "./dom.js";
import { clock } from "./desk-time.js";
import { claim, desk, draft, emit, latest, locked, on, take, whole } from "./desk-state.js";
import { saved } from "./shell.js";

const REST = 800; // milliseconds without a change before a draft is sent
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
/** Claims whose draft another tab changed: what it has. @type {Map<string, any>} */
export const rivals = new Map();
const sending = new Set();
/** Drafts on their way: a verdict waits for its claim's, so that none arrives after it. @type {Map<string, Promise<void>>} */
const going = new Map();
let offline = false;
/** What stopped the last try, in words; kept until something goes through. */
let trouble = "";
let wait = 2000;
/** @type {ReturnType<typeof setTimeout> | null} */
let retry = null;

const path = (id) => `/v1/reviews/${encodeURIComponent(desk.review.id)}/claims/${encodeURIComponent(id)}`;
const place = () => `groundline.unsent.${desk.review?.id}.${desk.me?.id}`;

/** Keeps on this machine what the service does not have, and nothing else. */
function keep() {
  if (!desk.me || !desk.review) return;
  const drafts = [...desk.drafts].filter(([, one]) => one.dirty).map(([id, one]) => [id, { version: one.version, body: one.body }]);
  const verdicts = [...desk.unsent];
  try {
    if (drafts.length || verdicts.length) localStorage.setItem(place(), JSON.stringify({ drafts: Object.fromEntries(drafts), verdicts: Object.fromEntries(verdicts) }));
    else localStorage.removeItem(place());
  } catch {
    trouble = "This browser keeps nothing: leave this page open until it says saved";
  }
}

/** An erased review leaves nothing on this machine either, whoever wrote it. */
function forget() {
  const own = [`groundline.unsent.${desk.review.id}.`, `groundline.rubric.${desk.review.id}.`];
  for (const name of Object.keys(localStorage)) if (own.some((start) => name.startsWith(start))) localStorage.removeItem(name);
}

/** Takes up what an earlier visit could not send. */
function restore() {
  let kept;
  try {
    if (locked() === "erased") return forget();
    kept = JSON.parse(localStorage.getItem(place()) ?? "null");
  } catch {
    return;
  }
  if (!kept) return;
  for (const [id, verdict] of Object.entries(kept.verdicts ?? {})) desk.unsent.set(id, verdict);
  for (const [id, one] of Object.entries(kept.drafts ?? {})) {
    const given = desk.drafts.get(id);
    if (given && JSON.stringify(given.body) === JSON.stringify(whole(one.body))) continue;
    desk.drafts.set(id, { version: one.version, body: whole(one.body), at: given?.at ?? null, dirty: true });
  }
  keep();
  flush();
}

/** Where saving stands, in the page's header. */
function show() {
  const dirty = [...desk.drafts.values()].some((one) => one.dirty) || desk.unsent.size > 0;
  if (offline) saved(`${trouble || "no connection"}; kept on this machine`, "offline");
  else if (trouble) saved(trouble, "unsaved");
  else if (dirty) saved("saving…", "saving");
  else {
    const times = [...desk.drafts.values()].map((one) => one.at).concat(desk.me ? latestAt() : null).filter(Boolean).sort();
    saved(times.length ? `saved ${clock(times.at(-1))}` : "", "saved");
  }
  byId("desk").classList.toggle("offline", offline);
}

const latestAt = () => desk.review.verdicts.filter((one) => one.reviewer.id === desk.me?.id).map((one) => one.at).sort().at(-1) ?? null;

/** @param {any} error */
function failed(error) {
  if (!(error instanceof Problem)) throw error;
  if (!error.offline && error.status < 500 && error.status !== 429) {
    trouble = words(error);
    say(trouble);
    return show();
  }
  if (!offline) say("No connection. What you write is kept on this machine and sent later.");
  offline = true;
  trouble = error.offline ? "" : "the service has trouble";
  show();
  if (retry) clearTimeout(retry);
  retry = setTimeout(flush, wait);
  wait = Math.min(wait * 2, 30000);
}

function reached() {
  if (offline) say("Connected again.");
  offline = false;
  trouble = "";
  wait = 2000;
}

/** Sends everything that waits. */
export function flush() {
  for (const id of desk.unsent.keys()) sendVerdict(id);
  for (const [id, one] of desk.drafts) if (one.dirty) sendDraft(id);
}

/** @param {string} id */
function sendDraft(id) {
  const sent = putDraft(id);
  going.set(id, sent);
  return sent;
}

/** @param {string} id */
async function putDraft(id) {
  clearTimeout(timers.get(id));
  const mine = draft(id);
  if (!mine.dirty || sending.has(id) || rivals.has(id) || desk.unsent.has(id) || locked() || !claim(id)) return;
  sending.add(id);
  const sent = JSON.stringify(mine.body);
  try {
    const given = await api("PUT", `${path(id)}/draft`, { version: mine.version, body: JSON.parse(sent) });
    reached();
    mine.version = given.version;
    mine.at = given.at;
    if (JSON.stringify(mine.body) === sent) mine.dirty = false;
    else schedule(id);
  } catch (error) {
    if (error instanceof Problem && error.status === 409) rival(id, error.current);
    else failed(error);
  } finally {
    sending.delete(id);
  }
  keep();
  show();
}

const same = (one, other) => JSON.stringify({ ...whole(one), seconds: 0 }) === JSON.stringify({ ...whole(other), seconds: 0 });

/** Another tab saved in between. The same words are no quarrel; others are shown, and nothing is lost. */
function rival(id, current) {
  const mine = draft(id);
  if (!current || current.body === null || same(current.body, mine.body)) {
    mine.version = current?.version ?? 0;
    return schedule(id, 0);
  }
  rivals.set(id, current);
  say("Another tab changed this claim. Both versions are kept; choose one.");
  emit("draft", id);
}

/** Settles a quarrel between two tabs. @param {string} id  @param {boolean} mine whether this tab's version stays */
export function settle(id, mine) {
  const other = rivals.get(id);
  rivals.delete(id);
  if (!other) return;
  const one = draft(id);
  if (other.verdict !== undefined) {
    const waiting = desk.unsent.get(id);
    if (mine && waiting) waiting.previous = other.id;
    else desk.unsent.delete(id);
    if (!mine) desk.drafts.delete(id);
    emit("verdict", id);
  } else {
    one.version = other.version;
    if (!mine) one.body = whole(other.body);
    one.dirty = mine;
  }
  keep();
  emit("draft", id);
  flush();
  show();
}

function schedule(id, rest = REST) {
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => sendDraft(id), rest));
}

/** Queues a verdict and sends it. @param {string} id  @param {any} request the body, without `previous` */
export function decide(id, request) {
  const previous = latest(id)?.id ?? null;
  clearTimeout(timers.get(id));
  desk.unsent.set(id, { ...request, previous });
  draft(id).dirty = false;
  keep();
  show();
  emit("verdict", id);
  return sendVerdict(id);
}

/** What a verdict says, to see whether two are the same. @param {any} one */
const heart = ({ verdict, evidence, errors, harm, feedback, needs_adjudication }) => {
  const pins = (evidence ?? []).map((pin) => [pin.passage, pin.role]);
  const marks = (errors ?? []).map((mark) => [mark.code, mark.severity]);
  return JSON.stringify([verdict, pins, marks, harm && [harm.extent, harm.likelihood], feedback && [feedback.what, feedback.why, feedback.fix], Boolean(needs_adjudication)]);
};

/** The service has a verdict: its draft goes; what was changed meanwhile starts a new one. */
async function arrived(id, request, record) {
  reached();
  if (!desk.review.verdicts.some((one) => one.id === record.id)) desk.review.verdicts.push(record);
  const waiting = desk.unsent.get(id);
  if (waiting === request) desk.unsent.delete(id);
  // Decided once more while this one was on its way: that one follows it.
  else if (waiting && waiting.previous === request.previous) waiting.previous = record.id;
  const mine = draft(id);
  if (mine.version) await api("DELETE", `${path(id)}/draft`).catch(() => undefined);
  if (mine.dirty) mine.version = 0;
  else desk.drafts.delete(id);
}

/** @param {string} id */
async function sendVerdict(id) {
  const key = `verdict ${id}`;
  const request = desk.unsent.get(id);
  if (!request || sending.has(key) || rivals.has(id)) return;
  sending.add(key);
  try {
    await going.get(id);
    await arrived(id, request, await api("POST", `${path(id)}/verdicts`, request));
  } catch (error) {
    if (error instanceof Problem && error.status === 409) {
      const { current } = error;
      // An answer that was lost on its way: the service has had this very verdict for a while.
      if (current && heart(current) === heart(request)) await arrived(id, request, current);
      else {
        if (current && !desk.review.verdicts.some((one) => one.id === current.id)) desk.review.verdicts.push(current);
        if (current) rivals.set(id, current);
        say("A newer verdict of yours exists on this claim. Choose which one stands.");
      }
    } else if (error instanceof Problem && !error.offline && error.status < 500 && error.status !== 429) {
      // Refused: it becomes a draft again, so that nothing of it is lost.
      desk.unsent.delete(id);
      draft(id).dirty = true;
      emit("refused", { id, text: words(error) });
      failed(error);
    } else failed(error);
  } finally {
    sending.delete(key);
  }
  keep();
  show();
  emit("verdict", id);
  if (desk.unsent.has(id) && desk.unsent.get(id) !== request) sendVerdict(id);
}

/** The review as the service has it now: another tab may have changed it. */
export async function refresh() {
  if (!desk.review || sending.size) return;
  try {
    const review = await api("GET", `/v1/reviews/${encodeURIComponent(desk.review.id)}`);
    reached();
    if (sending.size || review.changed_at === desk.review.changed_at && JSON.stringify(review.drafts) === JSON.stringify(desk.review.drafts)) return show();
    take(review);
    emit("verdict", desk.current);
    emit("draft", desk.current);
    show();
  } catch (error) {
    failed(error);
  }
}

/** Listens for changes; to be called once, when the review is there. */
export function start() {
  on("touched", (id) => {
    trouble = "";
    keep();
    show();
    schedule(id);
  });
  addEventListener("online", flush);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? refresh() : flush()));
  addEventListener("beforeunload", (event) => {
    // Leaving is safe unless the browser keeps nothing.
    if (trouble.startsWith("This browser keeps nothing")) event.preventDefault();
  });
  restore();
  show();
}
