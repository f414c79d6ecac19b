// Export: where each format is fetched, how large it is, and how far reviewers agree.

import { figure, figures, inWords, matrix, MEASURES, scroller } from "./agreement.js";
import { api, Problem, words } from "./api.js";
import { byId, count, el, say } from "./dom.js";
import { FORMATS, size } from "./formats.js";
import { hotkeys, offer } from "./hotkeys.js";
import { everybody, onSession, session, whoName } from "./shell.js";
import { verdictLabel } from "./verdict.js";

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = `/v1/reviews/${encodeURIComponent(id)}`;
const address = (format) => `${path}/export?format=${format}`;
const gold = /** @type {HTMLSelectElement} */ (byId("gold"));
let by = "pair";
let turn = 0;
/** Formats that this review cannot leave in. @type {Set<string>} */
const without = new Set(["inspect"]);

// Formats

function table() {
  const row = (format) =>
    el(
      "tr",
      null,
      el("th", { scope: "row" }, el("a", { "data-format": format.name, download: true }, format.label)),
      el("td", null, format.use),
      el("td.num", null, format.kind),
      el("td.num.size", { "data-size": format.name }, "\u00a0"),
    );
  const head = ["Download", "What for", "Kind", "Size"].map((name, at) => el(at > 1 ? "th.num" : "th", { scope: "col" }, name));
  byId("others").replaceChildren(el("table.grid", null, el("caption.unseen", null, "Formats"), el("thead", null, el("tr", null, head)), el("tbody", null, FORMATS.map(row))));
  for (const link of document.querySelectorAll("[data-format]")) link.setAttribute("href", address(link.getAttribute("data-format")));
}

/** Sizes, one after another; a format that is refused says so in place of its size. */
async function sizes() {
  for (const name of ["artifact", "html", ...FORMATS.map((format) => format.name)]) {
    const cell = document.querySelector(`[data-size="${name}"]`);
    if (!cell) continue;
    try {
      const answer = await fetch(address(name), { method: "HEAD", credentials: "same-origin" });
      const bytes = Number(answer.headers.get("content-length"));
      // Where not all of it is decided there are no scores to edit yet: an empty list is 3 bytes.
      const row = cell.closest("tr");
      if (answer.ok && name === "inspect" && bytes > 0 && bytes <= 3) without.add(name);
      if (row) row.hidden = without.has(name);
      cell.textContent = !answer.ok ? "not available" : bytes ? size(bytes) : "–";
    } catch {
      return;
    }
  }
}

async function load() {
  const place = byId("review");
  try {
    await everybody();
    const review = await api("GET", path);
    const title = review.erased_at ? "Erased review" : review.title;
    byId("title").textContent = title;
    // Only what came out of an Inspect log can go back into one.
    if (review.response.source.kind === "inspect") without.delete("inspect");
    else without.add("inspect");
    document.title = `Export: ${title} – Groundline`;
    byId("lede").textContent = review.erased_at ? "What is exported holds verdicts, cited passages and fingerprints, and no text of the response." : summary(review);
    for (const link of document.querySelectorAll("a[data-format=html][download]")) link.setAttribute("download", `${id}.html`);
    byId("replay").textContent = `groundline review replay ${id}.zip`;
    sizes();
  } catch (error) {
    const gone = error instanceof Problem && error.status === 404;
    trouble(gone ? "No such review here" : "This review cannot be read", gone ? error.detail : words(error));
  }
  place.removeAttribute("aria-busy");
}

/** Nothing can be exported: says why in place of the formats. */
function trouble(title, text) {
  byId("review").replaceChildren(el("div.panel.warn", null, el("p", null, el("strong", null, `${title}. `), text), el("p", null, el("a", { href: "/" }, "Back to the inbox"))));
  byId("review").removeAttribute("aria-busy");
}

/** Who judged what, in a sentence. */
function summary(review) {
  const latest = new Map(review.verdicts.map((verdict) => [`${verdict.claim} ${verdict.reviewer.id}`, verdict]));
  const decided = new Set([...latest.values()].filter((verdict) => verdict.verdict).map((verdict) => verdict.claim));
  const people = [...new Set(review.verdicts.map((verdict) => verdict.reviewer.id))].map(whoName);
  // What the desk counts: claims worth checking, and those that somebody judged all the same.
  const standing = review.claims.filter((claim) => !claim.removed && (claim.checkworthy || decided.has(claim.id)));
  const judging = review.you && review.you.task !== "adjudicate" && !review.you.submitted_at;
  const hidden = judging && review.assignments.length > 1 ? " Others’ verdicts are left out until you have submitted." : "";
  const judged = standing.filter((claim) => decided.has(claim.id)).length;
  return `${judged} of ${count(standing.length, "claim")} decided${people.length ? ` by ${people.join(", ")}` : ""}.${hidden}`;
}

// Agreement

async function agree() {
  const mine = ++turn;
  byId("figures").setAttribute("aria-busy", "true");
  const query = new URLSearchParams({ by });
  if (gold.value) query.set("gold", gold.value);
  try {
    const given = await api("GET", `/v1/agreement?${query}`);
    if (mine === turn) byId("figures").replaceChildren(...parts(given));
  } catch (error) {
    if (mine === turn) byId("figures").replaceChildren(el("p.wrong", null, words(error)));
  } finally {
    if (mine === turn) byId("figures").removeAttribute("aria-busy");
  }
}

function parts(given) {
  const note = el("p.lede.wide", null, inWords(given), " ", el("a", { href: "/help#agreement" }, "What the figures mean"));
  if (!given.units) return [el("p.lede.wide", null, "Nothing has been judged by two people yet. Assign a second reviewer in the inbox; the figures appear when both have submitted.")];
  return [note, scroller("Measures", figures(given)), given.confusion ? scroller("Who said what", matrix(given.confusion, rater)) : null, groups(given.groups ?? [])].filter(Boolean);
}

/** Who the rows or columns of the table are. @param {string} id */
const rater = (id) => ({ first: "one of each pair", second: "the other", reviewer: "reviewers", adjudicated: "adjudicators" })[id] ?? whoName(id);

const GROUPS = { pair: "Pair", label: "Verdict against the rest", error: "Error, marked or not", week: "Week" };

function groups(found) {
  if (!found.length) return el("p.quiet.wide", null, "No groups to show yet.");
  const name = (group) => (by === "label" ? verdictLabel(group.name) : by === "pair" ? group.name.split(" · ").map(whoName).join(" · ") : group.name);
  const cell = (group, measure) => {
    const ends = group.ci95?.[measure];
    return el("td", null, figure(measure, group[measure]), ends ? el("span.range", null, `${figure(measure, ends[0])} to ${figure(measure, ends[1])}`) : null);
  };
  const row = (group) => el("tr", null, el("th", { scope: "row" }, name(group)), el("td", null, String(group.units)), MEASURES.map((measure) => cell(group, measure[0])));
  const head = [GROUPS[by], "Claims", ...MEASURES.map(([, label]) => label)].map((words) => el("th", { scope: "col" }, words));
  return scroller("In groups", el("table.grid.groups", null, el("caption.unseen", null, `Agreement, ${GROUPS[by].toLowerCase()}`), el("thead", null, el("tr", null, head)), el("tbody", null, found.map(row))));
}

for (const tab of document.querySelectorAll("[data-by]")) {
  tab.addEventListener("click", () => {
    by = tab.getAttribute("data-by") ?? "pair";
    document.querySelectorAll("[data-by]").forEach((one) => one.setAttribute("aria-pressed", String(one === tab)));
    agree();
  });
}
gold.addEventListener("change", agree);
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("replay").textContent ?? "");
    say("Command copied.");
    byId("copy").textContent = "Copied";
    setTimeout(() => (byId("copy").textContent = "Copy"), 2000);
  } catch {
    getSelection()?.selectAllChildren(byId("replay"));
    say("The command is selected: copy it from there.");
  }
});
byId("desk").setAttribute("href", `/desk/${encodeURIComponent(id)}`);

const follow = (format) => /** @type {HTMLElement | null} */ (document.querySelector(`a[data-format="${format}"]`))?.click();
hotkeys({ d: () => follow("artifact"), r: () => follow("html") });
const downloads = () => FORMATS.filter((format) => !without.has(format.name));
offer(() => [
  { label: "Download the artifact", key: "d", run: () => follow("artifact") },
  { label: "Open the report", key: "r", run: () => follow("html") },
  ...downloads().map((format) => ({ label: `Download ${format.label}`, run: () => follow(format.name) })),
  { label: "Open the desk", run: () => byId("desk").click() },
], true);
table();
onSession(async () => {
  const people = await everybody();
  const kept = gold.value;
  gold.replaceChildren(el("option", { value: "" }, "each other"), el("option", { value: "adjudicated" }, "adjudicators’ decisions"), ...people.map((person) => el("option", { value: person.id }, `${person.name} as gold`)));
  gold.value = kept;
  load();
  agree();
});
session().catch((error) => trouble("No answer", words(error)));
