import { styleText } from "node:util";
import type { Terminal } from "./terminal.ts";

export type Status = "pass" | "warn" | "fail" | "unknown";

/** Colours and marks of one terminal. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly status: (status: Status, text: string) => string;
  readonly mark: (status: Status) => string;
}

const COLORS = { pass: "green", warn: "yellow", fail: "red", unknown: "dim" } as const;
const MARKS = { pass: "✓", warn: "!", fail: "✗", unknown: "·" } as const;
const ASCII_MARKS = { pass: "+", warn: "!", fail: "x", unknown: "-" } as const;

export function createStyle({ color, unicode }: Terminal): Style {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const status = (value: Status, text: string) => paint(COLORS[value], text);
  return {
    bold: (text) => paint("bold", text),
    dim: (text) => paint("dim", text),
    status,
    mark: (value) => status(value, (unicode ? MARKS : ASCII_MARKS)[value]),
  };
}
