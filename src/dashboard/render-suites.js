// @ts-check
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @param {import("./types.ts").Headline} headline */
export const headlineNodes = ({ tone, title, text }) => [
  h(
    "div",
    { class: `headline tone-${tone}` },
    icon(tone),
    h("div", {}, h("h1", {}, title), h("p", {}, text)),
  ),
];

/** @param {readonly import("./types.ts").SuiteCard[]} suites */
export const suiteNodes = (suites) => suites.map(card);

/** @param {import("./types.ts").SuiteCard} suite */
const card = ({ name, tone, word, meaning, reasons, notes, next, settled }) =>
  h(
    "li",
    { class: `suite tone-${tone}`, "data-key": name },
    h("h3", {}, h("span", { class: "name" }, name), h("span", { class: "word" }, icon(tone), word)),
    h("p", { class: "meaning" }, meaning),
    settled !== undefined &&
      h("progress", { max: "1", value: settled.toFixed(2), "aria-label": "Share of the stability window" }),
    reasons.length > 0 &&
      h(
        "ul",
        { class: "reasons" },
        reasons.map((reason) => h("li", {}, reason)),
      ),
    next !== undefined && h("p", { class: "next" }, h("b", {}, "Next "), next),
    notes.length > 0 &&
      h(
        "ul",
        { class: "notes" },
        notes.map((note) => h("li", {}, note)),
      ),
  );
