// The header of every page: where one is, who is signed in, whether what was written is saved.

import { api, words } from "./api.js";
import { byId, el, say } from "./dom.js";

/** @typedef {{id: string, name: string, role: string}} Person */
/** @typedef {{reviewer: Person | null, mode: string}} Session */

const ROLES = ["physician", "pharmacist", "nurse", "editor"];

/** @type {Promise<Session> | null} */
let asked = null;
/** @type {Session} */
let now = { reviewer: null, mode: "loopback" };
/** @type {Map<string, Person>} */
const people = new Map();
/** @type {Set<(session: Session) => void>} */
const listeners = new Set();

const panel = byId("who-panel");
const button = byId("who");

/** Who is signed in, and how people sign in here. @returns {Promise<Session>} */
export function session() {
  asked ??= api("GET", "/v1/session").then(
    (given) => (apply(given), given),
    (error) => {
      asked = null; // the next who asks may find the service there
      throw error;
    },
  );
  return asked;
}

/** Calls back now and whenever somebody signs in or out. @param {(session: Session) => void} listener */
export function onSession(listener) {
  listeners.add(listener);
  session().then(() => listener(now), () => undefined);
}

/** A reviewer's name; the id where it is not known. @param {string} id */
export const whoName = (id) => people.get(id)?.name ?? id;

/** Everybody with a profile, in the order of their names; nobody where that is not told. @returns {Promise<Person[]>} */
export async function everybody() {
  if (now.mode === "token" && !now.reviewer) return [];
  try {
    const { reviewers } = await api("GET", "/v1/reviewers");
    for (const person of reviewers) people.set(person.id, person);
    return reviewers;
  } catch {
    return now.reviewer ? [now.reviewer] : [];
  }
}

/** The state of what was written: `saved`, `saving`, `unsaved`, `offline` or nothing. @param {string} text  @param {string} state */
export function saved(text, state = "") {
  byId("saved").textContent = text;
  byId("saved").dataset.state = state;
}

/** Opens the profile panel and says why. @param {string} [reason] */
export async function askWho(reason) {
  await fill(reason);
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const first = panel.querySelector("[aria-pressed=true], .profile, input");
  if (first instanceof HTMLElement) first.focus();
  if (reason) say(reason);
}

function close(back = true) {
  if (panel.hidden) return false;
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
  if (back) button.focus();
  return true;
}

/** @param {Session} given */
function apply(given) {
  now = given;
  const person = given.reviewer;
  if (person) people.set(person.id, person);
  byId("who-name").textContent = person ? person.name : given.mode === "token" ? "Sign in" : "Choose profile";
  button.classList.toggle("nobody", !person);
  button.setAttribute("aria-label", person ? `${person.name}, ${person.role}: signed in` : `${byId("who-name").textContent}: nobody is signed in`);
}

/** @param {Session} given */
function changed(given) {
  asked = Promise.resolve(given);
  apply(given);
  for (const listener of listeners) listener(given);
}

/** Sends a sign-in and tells the page. @param {object} body */
async function signIn(body) {
  changed(await api("POST", "/v1/session", body));
  close();
  say(`Signed in as ${now.reviewer?.name ?? "nobody"}.`);
}

async function signOut() {
  await api("DELETE", "/v1/session");
  changed({ ...now, reviewer: null });
  close();
  say("Signed out.");
}

/** Runs what a form or a button asks for, and shows what went wrong beside it. @param {() => Promise<void>} run */
async function attempt(run) {
  const wrong = panel.querySelector(".wrong");
  if (wrong) wrong.textContent = "";
  try {
    await run();
  } catch (error) {
    if (wrong) wrong.textContent = words(error);
    say(words(error));
  }
}

/** @param {string} [reason] */
async function fill(reason) {
  try {
    await session();
  } catch (error) {
    return panel.replaceChildren(el("h2", { id: "who-title" }, "Profiles cannot be read"), el("p.hint", null, words(error)));
  }
  const why = reason ? el("p.reason", null, reason) : null;
  const out = now.reviewer ? el("p.row", null, act(el("button.plain", { type: "button" }, "Sign out"), signOut)) : null;
  const parts = now.mode === "token" ? tokenParts() : profileParts(await everybody());
  panel.replaceChildren(el("h2", { id: "who-title" }, now.reviewer ? "Signed in" : now.mode === "token" ? "Sign in" : "Who is reviewing?"), ...[why, ...parts, out].filter((part) => part !== null));
}

/** @param {HTMLElement} node  @param {() => Promise<void>} run */
function act(node, run) {
  node.addEventListener("click", () => attempt(run));
  return node;
}

/** @param {Person[]} known */
function profileParts(known) {
  const choice = (person) => {
    const on = person.id === now.reviewer?.id;
    const node = el("button.profile", { type: "button", "aria-pressed": String(on) }, person.name, el("span", null, person.role));
    return el("li", null, act(node, () => signIn({ reviewer: person.id })));
  };
  const name = el("input", { id: "profile-name", required: true, maxlength: "120", autocomplete: "off" });
  const role = el("input", { id: "profile-role", required: true, maxlength: "60", list: "roles", autocomplete: "off" });
  const form = el(
    "form",
    { autocomplete: "off" },
    el("h3", null, known.length ? "Or make a profile" : "Make a profile"),
    el("div.two", null, el("label.field", null, el("span", null, "Name"), name), el("label.field", null, el("span", null, "Role"), role)),
    el("datalist", { id: "roles" }, ROLES.map((one) => el("option", { value: one }))),
    el("p.row", null, el("button.go", { type: "submit" }, "Make profile")),
    el("p.wrong", { role: "alert" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      const person = await api("POST", "/v1/reviewers", { name: name.value.trim(), role: role.value.trim() });
      people.set(person.id, person);
      await signIn({ reviewer: person.id });
    });
  });
  const list = known.length ? el("ul", { role: "list" }, known.map(choice)) : null;
  return [list, form, el("p.hint", null, "Profiles carry no password: this service answers to this computer alone, and whoever sits here picks a name. Verdicts are kept under it.")];
}

function tokenParts() {
  if (now.reviewer) return [el("p", null, `${now.reviewer.name}, ${now.reviewer.role}`)];
  const token = el("input", { id: "token", type: "password", required: true, autocomplete: "off", spellcheck: "false" });
  const form = el(
    "form",
    { autocomplete: "off" },
    el("label.field", null, el("span", null, "Token"), token),
    el("p.row", null, el("button.go", { type: "submit" }, "Sign in")),
    el("p.wrong", { role: "alert" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await signIn({ token: token.value.trim() });
      token.value = "";
    });
  });
  return [form, el("p.hint", null, "Whoever runs this service makes tokens with ", el("code", null, "groundline token create"), ". It is exchanged for a session and not kept by this page.")];
}

for (const link of document.querySelectorAll(".shell-nav a")) {
  if (link instanceof HTMLAnchorElement && link.pathname === location.pathname) link.setAttribute("aria-current", "page");
}
button.addEventListener("click", () => (panel.hidden ? askWho() : close()));
document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof Node && !panel.contains(event.target) && !button.contains(event.target)) close(false);
});
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || panel.hidden || !(document.activeElement === button || panel.contains(document.activeElement))) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  },
  true,
);
session().catch(() => {
  byId("who-name").textContent = "No connection";
});
