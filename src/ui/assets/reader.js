// The reader: marks the passage that the address names, moves among passages, keeps the outline in step.

import { byId, say } from "./dom.js";

const passages = [...document.querySelectorAll(".p[id]")];
const wide = matchMedia("(min-width: 60rem)");

function named() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** Marks every piece of the named passage: a list or a table may have it in several. */
function mark() {
  const part = named();
  document.querySelectorAll(".p.on").forEach((piece) => piece.classList.remove("on"));
  const pieces = [...document.querySelectorAll(".p")].filter((piece) => piece.dataset.p === part);
  pieces.forEach((piece) => piece.classList.add("on"));
  byId("missing").hidden = !part || pieces.length > 0 || document.getElementById(part) !== null || !passages.length;
  if (pieces.length) {
    pieces[0].tabIndex = -1;
    pieces[0].focus({ preventScroll: true });
  }
  if (!byId("missing").hidden) say(byId("missing").textContent);
}

/** Steps to the next or previous passage, seen from the marked one or from the top of the window. */
function step(by) {
  const part = named();
  let at = passages.findIndex((passage) => passage.id === part);
  if (at < 0) {
    const below = passages.findIndex((passage) => passage.getBoundingClientRect().top > 0);
    at = below < 0 ? passages.length : by > 0 ? below - 1 : below;
  }
  const next = passages[at + by];
  if (next) location.replace(`#${next.id}`);
}

/** Back to the page that led here where that is the claim page, so that its answer is still there. */
function back(event) {
  const entries = window.navigation?.entries?.() ?? [];
  const before = entries[(window.navigation?.currentEntry?.index ?? 0) - 1];
  if (!before?.url || new URL(before.url).pathname !== "/") return;
  event?.preventDefault();
  history.back();
  return true;
}

function outline() {
  byId("outline").open = wide.matches;
  const links = new Map([...document.querySelectorAll("#outline a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        document.querySelector("#outline .here")?.classList.remove("here");
        links.get(entry.target.id)?.classList.add("here");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  document.querySelectorAll(".prose [id^='s-']").forEach((heading) => seen.observe(heading));
}

const singleKeys = () => {
  try {
    return localStorage.getItem("groundline.single-keys") !== "off";
  } catch {
    return true;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return void (back() || location.assign("/"));
  if (!singleKeys()) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") {
    event.preventDefault();
    if (!back()) location.assign("/");
  }
});
byId("back").addEventListener("click", back);
addEventListener("hashchange", mark);
wide.addEventListener("change", outline);
outline();
mark();
