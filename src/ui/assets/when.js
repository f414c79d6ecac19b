// Times in words: how long ago, with the exact time beside.

import { el } from "./dom.js";

const STEPS = [
  [60, 60, "min"],
  [3600, 24, "h"],
  [86_400, 14, "days"],
];

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the day. @param {Date} at  @param {Date} [now] */
export function ago(at, now = new Date()) {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  if (seconds < 60) return "just now";
  for (const [unit, most, name] of STEPS) {
    const amount = Math.floor(seconds / Number(unit));
    if (amount < Number(most)) return name === "days" && amount === 1 ? "yesterday" : `${amount} ${name} ago`;
  }
  return day(at);
}

/** `22 Nov 2026`. @param {Date} at */
export const day = (at) => at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** A time as an element that tells its age. @param {string} iso */
export function dated(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return el("span", null, iso);
  return el("time", { datetime: iso, title: at.toLocaleString("en-GB") }, ago(at));
}
