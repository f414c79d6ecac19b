// The rubric for the whole response, and the guide to judging; both come from the taxonomy.

import { api, words } from "./api.js";
import { byId, el, field, say } from "./dom.js";
import { desk, locked } from "./desk-state.js";
import { clock } from "./desk-time.js";
import { whyLocked } from "./desk-verdict.js";
import { VERDICTS } from "./verdict.js";

const place = () => `groundline.rubric.${desk.review.id}.${desk.me?.id}`;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "null");
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    if (value) localStorage.setItem(place(), JSON.stringify(value));
    else localStorage.removeItem(place());
  } catch {
    // It holds while the page is open.
  }
}

/** The answers: those kept on this machine, else the last that were sent. */
function answers() {
  const mine = desk.review.assessments.filter((one) => one.reviewer.id === desk.me?.id).at(-1);
  return kept() ?? { ratings: mine?.ratings ?? {}, note: mine?.note ?? "" };
}

function rubricItem(item, given) {
  const choice = (value, label) => el("label", { title: label }, el("input", { type: "radio", name: `rubric-${item.id}`, value: String(value ?? ""), checked: given === value }), el("span", null, value === null ? "n/a" : String(value)));
  const scale = item.scale.map((one) => choice(one.value, one.label));
  const ends = `${item.scale[0]?.value} ${item.scale[0]?.label.toLowerCase()} · ${item.scale.at(-1)?.value} ${item.scale.at(-1)?.label.toLowerCase()}`;
  return el("fieldset.rated", { "data-item": item.id }, el("legend", null, item.label), el("p.question", null, item.question), el("div.scale.segments", null, scale, choice(null, "Does not apply")), el("p.ends", null, ends));
}

/** Shows the rubric with what was answered. */
export function drawRubric() {
  const rubric = desk.taxonomy?.rubric;
  const form = byId("rubric-form");
  if (!rubric || !desk.review || desk.review.erased_at) return form.replaceChildren(el("p.quiet", null, desk.review?.erased_at ? "The texts were erased." : "This service has no rubric."));
  const now = answers();
  const last = desk.review.assessments.filter((one) => one.reviewer.id === desk.me?.id).at(-1);
  form.replaceChildren(
    el("p.lede", null, "About the response as a whole."),
    ...rubric.items.map((item) => rubricItem(item, now.ratings[item.id])),
    el("label.field", null, el("span", null, "Note"), el("textarea", { id: "rubric-note", rows: "3", maxlength: "8000" }, now.note ?? "")),
    el("p.row", null, el("button.go", { type: "submit" }, "Save ratings"), el("span.quiet", { id: "rubric-state" }, kept() ? "Not saved yet; kept on this machine." : last ? `Saved ${clock(last.at)}.` : "")),
  );
  for (const node of form.querySelectorAll("input, textarea, button")) node.toggleAttribute("disabled", Boolean(locked()));
}

function rated() {
  const form = byId("rubric-form");
  const ratings = Object.fromEntries([.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input:checked"))].map((input) => [input.closest("fieldset")?.dataset.item, input.value === "" ? null : Number(input.value)]));
  return { ratings, note: field("rubric-note").value };
}

async function saveRubric(event) {
  event.preventDefault();
  if (locked()) return say(whyLocked());
  const { ratings, note } = rated();
  try {
    const made = await api("POST", `/v1/reviews/${encodeURIComponent(desk.review.id)}/assessments`, { ratings, ...(note.trim() ? { note } : {}) });
    keep(null);
    desk.review.assessments.push(made);
    byId("rubric-state").textContent = `Saved ${clock(made.at)}.`;
    say("Ratings saved.");
  } catch (error) {
    byId("rubric-state").textContent = `Not saved: ${words(error)} Kept on this machine.`;
    say(byId("rubric-state").textContent);
  }
}

// The guide

function drawGuide() {
  const guide = (desk.taxonomy?.guide ?? []).map((one) => [el("h3", null, one.title), el("p", null, one.text)]);
  const meanings = VERDICTS.map((one) => {
    const known = desk.taxonomy?.verdicts?.find((given) => given.name === one.name);
    return [el(`dt.v-${one.name}`, null, `${one.sign} ${known?.label ?? one.label}`), el("dd", null, known?.meaning ?? "")];
  });
  byId("pane-guide").replaceChildren(...guide.flat(), el("h3", null, "Verdicts"), el("dl.meanings", null, meanings.flat()), el("p", null, el("a", { href: "/help" }, "Error codes, rubric and formats")));
}

let started = false;

/** Shows both, once. */
export function start() {
  if (started) return;
  started = true;
  drawGuide();
  drawRubric();
  byId("rubric-form").addEventListener("submit", saveRubric);
  byId("rubric-form").addEventListener("input", () => {
    keep(rated());
    byId("rubric-state").textContent = "Not saved yet; kept on this machine.";
  });
  byId("rubric-form").addEventListener("keydown", (event) => {
    const item = event.target instanceof HTMLInputElement ? event.target.closest("fieldset") : null;
    const choice = /^\d$/.test(event.key) && !event.ctrlKey && !event.metaKey ? item?.querySelector(`input[value="${event.key}"]`) : null;
    if (item && /^\d$/.test(event.key)) event.stopPropagation();
    if (choice instanceof HTMLInputElement) choice.click();
  });
}
