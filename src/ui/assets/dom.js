// Elements out of names, attributes and children. Text is always a text node: no markup is ever parsed here.

/** `el("p.quiet", {lang: "en"}, "words", child)`; absent children are left out. */
export function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value != null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== ""));
  return node;
}

/** An element of the page's own template. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A link to another site, or nothing where the address is none that a browser should open. */
export function outside(url, words) {
  if (!/^https?:\/\//i.test(url ?? "")) return null;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, `${words}\u00a0↗`);
}

/** Says one sentence to those who listen; the same sentence twice is said twice. */
export function say(sentence) {
  const place = byId("said");
  place.textContent = place.textContent === sentence ? `${sentence}\u00a0` : sentence;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let hiding;

/** Says one sentence, and shows it for some seconds at the foot of the page. */
export function tell(sentence) {
  say(sentence);
  const shown = byId("told") ?? document.body.appendChild(el("p.told", { id: "told", "aria-hidden": "true" }));
  shown.textContent = sentence;
  shown.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (shown.hidden = true), 6000);
}

/** `1 passage`, `2 passages`. */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** A field that takes a value, by its id. @param {string} id */
export const field = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
