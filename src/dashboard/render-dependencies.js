// @ts-check
import { h } from "./dom.js";
import { icon } from "./icons.js";

const COLUMNS = ["Dependency", "Status", "Cause", "Since", "Latency", "Serves", "Breaker"];

/** With roles of its own: narrow screens show the rows as blocks, and some browsers forget then that it is a table. @param {readonly import("./types.ts").DependencyRow[]} rows */
export function dependencyNodes(rows) {
  const columns = COLUMNS.filter((column) => rows.some((row) => isFilled(row, column)));
  return [
    h(
      "table",
      { role: "table" },
      h("caption", { class: "unseen" }, "Dependencies, those that do not pass first"),
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          columns.map((column) => h("th", { role: "columnheader", scope: "col" }, column)),
        ),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        rows.map((row) => rowNode(row, columns)),
      ),
    ),
  ];
}

/** A column that nobody fills takes the place of one that somebody does. @param {import("./types.ts").DependencyRow} row @param {string} column */
function isFilled({ code, since, serves }, column) {
  if (column === "Cause") return code !== "";
  if (column === "Since") return since !== "";
  return column === "Serves" ? serves !== "" : true;
}

/** @param {import("./types.ts").DependencyRow} row @param {readonly string[]} columns */
function rowNode(row, columns) {
  const { name, tone, word, code, title, since, latency, serves, others, breaker, version, optional } = row;
  const detail = [version, optional ? "optional" : ""].filter((part) => part !== "").join(" · ");
  const cells = {
    Status: [h("span", { class: "status" }, icon(tone), word)],
    Cause: code === "" ? [] : [h("code", {}, code), h("span", { class: "detail" }, title)],
    Since: [since],
    Latency: [latency],
    Serves: [serves, ...others.map((other) => h("span", { class: "detail" }, other))],
    Breaker: [breaker],
  };
  return h(
    "tr",
    { role: "row", class: `tone-${tone}`, "data-key": name },
    h("th", { role: "rowheader", scope: "row" }, name, h("span", { class: "detail" }, detail)),
    Object.entries(cells)
      .filter(([column]) => columns.includes(column))
      .map(([column, children]) => h("td", { role: "cell", "data-label": column }, children)),
  );
}
