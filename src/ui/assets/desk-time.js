// Time: how long each claim was looked at while the page was visible, and clocks as people read them.

import { desk, draft, on } from "./desk-state.js";

/** Longest pause that still counts as looking, in milliseconds: after that the reviewer has left the desk. */
const PAUSE = 120000;

/** @type {string | null} */
let watched = null;
let since = 0;
let touched = 0;
/** Milliseconds that are not yet a whole second. */
let rest = 0;

/** Adds what has passed to the claim that was looked at. */
export function tally() {
  const now = performance.now();
  if (watched && since && desk.claims.some((one) => one.id === watched)) {
    const until = Math.min(now, touched + PAUSE);
    rest += Math.max(until - since, 0);
    const whole = Math.floor(rest / 1000);
    rest -= whole * 1000;
    draft(watched).body.seconds += whole;
  }
  since = document.visibilityState === "visible" ? now : 0;
}

function watch() {
  tally();
  if (watched !== desk.current) rest = 0;
  watched = desk.current;
}

/** Begins to count. */
export function measure() {
  touched = performance.now();
  on("current", watch);
  document.addEventListener("visibilitychange", tally);
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(name, () => {
      const now = performance.now();
      // Coming back from a pause starts a new stretch.
      if (now - touched > PAUSE) {
        tally();
        since = now;
      }
      touched = now;
    }, { passive: true });
  }
  watch();
}

/** `09:41`, in this machine's time zone. @param {string} at */
export function clock(at) {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? "" : `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}

/** `48 s`, `2 min 5 s`. @param {number} seconds */
export const span = (seconds) => (seconds < 60 ? `${seconds}\u00a0s` : `${Math.floor(seconds / 60)}\u00a0min${seconds % 60 ? ` ${seconds % 60}\u00a0s` : ""}`);
