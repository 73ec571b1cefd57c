// @ts-check
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { more } from "./render-why.js";

/** @param {import("./types.ts").Section<import("./types.ts").FindingRow>} section */
export const findingNodes = ({ rows, note }) =>
  rows.length === 0
    ? [h("p", { class: "nothing" }, note === undefined ? "Nothing is wrong in what was looked at." : "")]
    : [h("ul", { class: "rows" }, rows.map(findingNode))];

/** @param {import("./types.ts").FindingRow} row */
const findingNode = ({ key, tone, severity, code, message, place, owner, evidence, remedies, waiver }) =>
  h(
    "li",
    { class: `tone-${tone}`, "data-key": key },
    h("span", { class: "status" }, icon(tone), severity),
    h(
      "div",
      {},
      h("p", {}, message),
      h(
        "p",
        { class: "detail" },
        h("code", {}, code),
        ` at ${place === "" ? "no place of its own" : place} · for ${owner}`,
      ),
      waiver !== undefined && h("p", { class: "detail" }, waiver),
      more("Next steps", remedies),
      more("Evidence", evidence),
    ),
  );

/** @param {import("./types.ts").Section<import("./types.ts").IncidentRow>} section */
export const incidentNodes = ({ rows, note }) =>
  rows.length === 0
    ? [h("p", { class: "nothing" }, note === undefined ? "None since the service started." : "")]
    : [h("ul", { class: "rows" }, rows.map(incidentNode))];

/** @param {import("./types.ts").IncidentRow} row */
const incidentNode = ({ key, tone, dependency, code, title, began, lasted, open }) =>
  h(
    "li",
    { class: `tone-${tone}`, "data-key": key },
    h("span", { class: "status" }, icon(tone), open ? "open" : "over"),
    h(
      "div",
      {},
      h("p", {}, h("b", {}, dependency), ` ${title}`),
      h(
        "p",
        { class: "detail" },
        h("code", {}, code),
        ` since ${began}`,
        lasted !== "" && ` · ${open ? "for" : "lasted"} ${lasted}`,
      ),
    ),
  );

/** @param {import("./types.ts").Section<import("./types.ts").RunRow>} section */
export const runNodes = ({ rows, note }) =>
  rows.length === 0
    ? [h("p", { class: "nothing" }, note === undefined ? "No plan has been applied." : "")]
    : [h("ul", { class: "rows" }, rows.map(runNode))];

/** @param {import("./types.ts").RunRow} row */
const runNode = ({ key, tone, outcome, id, plan, by, began }) =>
  h(
    "li",
    { class: `tone-${tone}`, "data-key": key },
    h("span", { class: "status" }, icon(tone), outcome),
    h("div", {}, h("p", {}, plan), h("p", { class: "detail" }, h("code", {}, id), ` by ${by}, ${began}`)),
  );

/** @param {import("./types.ts").ContextView} context */
export const contextNodes = ({ facts, contradictions, vetoes }) =>
  [
    h(
      "dl",
      {},
      facts.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]),
    ),
    contradictions.length > 0 &&
      h(
        "ul",
        { class: "contradictions" },
        contradictions.map((each) => h("li", {}, each)),
      ),
    more("Why nothing may be written", vetoes),
  ].filter((node) => node instanceof Node);
