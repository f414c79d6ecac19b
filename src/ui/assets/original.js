// The original of a passage: the PDF that was indexed, in the browser's own viewer, at the page where the passage stands.

import { api } from "./api.js";
import { el, say } from "./dom.js";

/** What is known of a passage, its original among it. @param {string} id */
export const asked = (id) => api("GET", `/v1/passages/${encodeURIComponent(id)}`);

/** A link to it in a new tab; nothing where there is none to show. @param {any} found what `/v1/passages/{id}` tells */
export function originalLink(found) {
  const url = found.original_url;
  if (!url) return null;
  const page = /#page=(\d+)$/.exec(url)?.[1];
  const printed = found.locator.page?.label;
  // The viewer counts the file's pages; what is printed on one is said where it is another number.
  const words = page ? `Original PDF, page ${page}${printed && printed !== page ? ` (printed: ${printed})` : ""}` : "Original PDF";
  return el("a", { href: url, target: "_blank", id: "original" }, `${words}\u00a0↗`);
}

/** Opens it in a new tab. @param {string} id the passage's */
export async function openOriginal(id) {
  const { original_url: url } = await asked(id);
  if (url) open(url, "_blank", "noopener");
  else noOriginal();
}

export const noOriginal = () => say("This edition has no original PDF here.");
