// @ts-check
import { show } from "./dom.js";
import { dependencyNodes } from "./render-dependencies.js";
import { contextNodes, findingNodes, incidentNodes, runNodes } from "./render-lists.js";
import { headlineNodes, suiteNodes } from "./render-suites.js";
import { whyNodes } from "./render-why.js";

/** @typedef {import("./types.ts").View} View */

/** What has a frame, and a note of its own. */
const SECTIONS = /** @type {const} */ (["dependencies", "why", "context", "findings", "incidents", "runs"]);

/** @param {string} id @returns {HTMLElement} */
export function place(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** @param {string} id @param {{ readonly note: string | undefined, readonly stale: boolean }} section */
function frame(id, { note, stale }) {
  place(`${id}-section`).classList.toggle("stale", stale);
  showText(`${id}-note`, note ?? "");
}

/** The same text again would be said aloud again. @param {string} id @param {string} text */
function showText(id, text) {
  const element = place(id);
  if (element.textContent !== text) element.textContent = text;
}

/** @param {View["runs"]["rows"]} rows */
const summaryOf = ([last]) =>
  last === undefined ? "Runs of plans" : `Runs of plans, the last: ${last.outcome}`;

/** Shows a view; what has not changed since the last one is not touched. */
export function createPage() {
  /** @type {Map<string, string>} */
  const shown = new Map();

  /** @template T @param {string} id @param {T} model @param {(model: T) => readonly Node[]} render */
  function part(id, model, render) {
    const key = JSON.stringify(model);
    if (shown.get(id) === key) return;
    shown.set(id, key);
    show(place(id), render(model));
  }

  return {
    /** @param {View} view */
    show(view) {
      document.title = view.title;
      showText("environment", view.environment);
      place("alarm").hidden = view.alarm === undefined;
      showText("alarm", view.alarm ?? "");
      showText("runs-summary", summaryOf(view.runs.rows));
      part("headline", view.headline, headlineNodes);
      part("suites", view.suites, suiteNodes);
      part("dependencies", view.dependencies.rows, dependencyNodes);
      part("why", view.why.rows, whyNodes);
      part("context", view.context, contextNodes);
      part("findings", view.findings, findingNodes);
      part("incidents", view.incidents, incidentNodes);
      part("runs", view.runs, runNodes);
      place("why-section").hidden = view.why.rows.length === 0;
      for (const id of SECTIONS) frame(id, view[id]);
    },
    /** Nothing of an answer stays. */
    clear() {
      shown.clear();
      document.title = "Greenlight";
      for (const id of ["environment", "alarm", "headline", "suites", ...SECTIONS])
        place(id).replaceChildren();
    },
  };
}
