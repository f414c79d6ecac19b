// Asking the service: JSON in, JSON out, and everything that goes wrong as one kind of error.

/** What went wrong: the service's problem (RFC 9457), or that it did not answer. */
export class Problem extends Error {
  /** @param {number} status  @param {any} problem  @param {boolean} offline */
  constructor(status, problem, offline = false) {
    super(problem?.title ?? `status ${status}`);
    this.name = "Problem";
    this.status = status;
    this.title = problem?.title ?? (offline ? "No answer" : "The request failed");
    this.detail = problem?.detail ?? "";
    this.errors = problem?.errors ?? [];
    this.current = problem?.current ?? null;
    this.offline = offline;
  }
}

/** One sentence or two for people. @param {any} error */
export function words(error) {
  if (!(error instanceof Problem)) return "This page met something that it does not understand. Reload it.";
  if (error.offline) {
    return navigator.onLine ? "The service at this address does not answer. It may have been stopped." : "This computer is offline.";
  }
  const faults = error.errors.map((fault) => `${String(fault.pointer ?? "").replace(/^\//, "") || "request"}: ${fault.detail}`);
  const told = faults.length ? faults.join("; ") : error.detail || `The service answered with status ${error.status}`;
  const title = /[.!?]$/.test(error.title) ? error.title : `${error.title}.`;
  return told ? `${title} ${told}${/[.!?]$/.test(told) ? "" : "."}` : title;
}

async function ask(path, options) {
  let response, text;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
    text = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, null, true);
  }
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    throw new Problem(response.status, { title: "The answer cannot be read", detail: `The service answered with status ${response.status} and no JSON.` });
  }
  if (!response.ok) throw new Problem(response.status, json);
  return json;
}

/**
 * The answer as JSON; `null` where there is none.
 * @param {string} method  @param {string} path  @param {any} [body]  @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function api(method, path, body, signal) {
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return ask(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
}

/** Sends a file as it is. @param {string} path  @param {Blob} file  @returns {Promise<any>} */
export function upload(path, file) {
  return ask(path, { method: "POST", headers: { accept: "application/json", "content-type": "application/octet-stream" }, body: file });
}
