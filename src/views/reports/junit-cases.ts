import type { RunRecord } from "../run-record.ts";
import { isoTime } from "../run-words.ts";
import { type Case, isRed } from "./cases.ts";
import { suiteProperties } from "./junit-properties.ts";
import { element, escapeText, propertyElements } from "./xml.ts";

/** A suite of Greenlight's own: one test for each thing that it judged. */
export function ownSuite(record: RunRecord, cases: readonly Case[]): string {
  const count = (status: Case["status"]): number => cases.filter((each) => each.status === status).length;
  const attributes = {
    name: `greenlight.${record.suite}`,
    tests: cases.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds(Math.max(0, record.endedAt - record.startedAt)),
    timestamp: isoTime(record.startedAt).slice(0, 19),
  };
  const properties = element("properties", {}, propertyElements(suiteProperties(record)));
  const classname = attributes.name;
  const lines = cases.map((each) => `    ${caseElement(each, classname)}\n`).join("");
  return `  ${element("testsuite", attributes, `\n    ${properties}\n${lines}  `)}\n`;
}

const ELEMENTS = { failed: "failure", error: "error", skipped: "skipped" } as const;

function caseElement(each: Case, classname: string): string {
  const { name, status, message, type, remedies, durationMs } = each;
  const attributes = { name, classname, time: seconds(durationMs ?? 0) };
  if (status === "passed") return element("testcase", attributes);
  const steps = remedies.map((remedy, index) => `${index + 1}. ${remedy}`).join("\n");
  const text = [message ?? "", steps].filter((part) => part !== "").join("\n");
  const result = isRed(each)
    ? element(ELEMENTS[status], { message, type }, escapeText(text))
    : element(ELEMENTS[status], { message });
  return element("testcase", attributes, result);
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
