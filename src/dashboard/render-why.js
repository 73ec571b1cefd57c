// @ts-check
import { h } from "./dom.js";

/** @param {readonly import("./types.ts").WhyCard[]} cards */
export const whyNodes = (cards) => cards.map(card);

/** @param {import("./types.ts").WhyCard} why */
const card = (why) =>
  h(
    "article",
    { class: "why", "data-key": why.key },
    h("h3", {}, why.title, " ", h("code", {}, why.code)),
    h("p", { class: "about" }, [why.about, why.confidence, `${why.owner} can mend it`].join(" · ")),
    h(
      "ol",
      { class: "chain", "aria-label": "From what is seen down to the root cause" },
      why.links.map(linkNode),
    ),
    h("p", { class: "explanation" }, why.explanation),
    why.remedies.length > 0 &&
      h(
        "div",
        { class: "remedies" },
        h("h4", {}, "Next steps"),
        h(
          "ol",
          {},
          why.remedies.map((remedy) => h("li", {}, remedy)),
        ),
      ),
    why.plan !== undefined && h("p", {}, "A plan can do it: ", h("code", {}, why.plan)),
    more("Ruled out", why.ruledOut),
    more("Not known", why.missing),
    more("Does not help", why.notHelpful),
  );

/** @param {import("./types.ts").ChainLink} link */
const linkNode = ({ statement, evidence }) =>
  h(
    "li",
    {},
    statement,
    evidence.map((each) => h("span", { class: "detail" }, each)),
  );

/** @param {string} title @param {readonly string[]} lines */
export const more = (title, lines) =>
  lines.length > 0 &&
  h(
    "details",
    {},
    h("summary", {}, `${title} (${lines.length})`),
    h(
      "ul",
      {},
      lines.map((line) => h("li", {}, line)),
    ),
  );
