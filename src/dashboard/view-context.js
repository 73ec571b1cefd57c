// @ts-check
import { number, record, records, string, strings } from "./untrusted.js";

/** @param {unknown} body @returns {Pick<import("./types.ts").ContextView, "facts" | "contradictions" | "vetoes">} */
export function contextView(body) {
  const context = record(body);
  if (typeof context.environment !== "string") return { facts: [], contradictions: [], vetoes: [] };
  const { agree, total } = record(context.indicators);
  const confidence = number(context.confidence) ?? 0;
  return {
    facts: [
      ["Environment", context.environment],
      ["Decided by", string(context.decidedBy, "nothing")],
      ["Confidence", `${Math.round(confidence * 100)} %`],
      ["Indicators", `${number(agree) ?? 0} of ${number(total) ?? 0} agree`],
      ["May be written to", context.mayWrite === true ? "yes" : "no"],
    ],
    contradictions: records(context.contradictions).map((each) => contradictionText(each)),
    vetoes: strings(context.vetoes),
  };
}

/** @param {Readonly<Record<string, unknown>>} each */
function contradictionText(each) {
  return string(each.message, string(each.detail, JSON.stringify(each)));
}
