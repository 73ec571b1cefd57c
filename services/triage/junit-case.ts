import { KeptText } from "./text.ts";
import type { TestResult } from "./result.ts";

/** A suite that says when it ran; tests in it count from there. */
export interface SuiteTiming {
  readonly stamp: string | undefined;
  readonly seconds: number | undefined;
  /** The sum of its tests' durations, in seconds, as far as they are known. */
  sum: number;
  /** False when a test has no duration: nothing can be added up. */
  whole: boolean;
}

/** One test as a report tells it: not cleaned, not redacted, and its time still to be worked out. */
export interface JunitCase {
  readonly suite: string;
  readonly classname: string;
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly status: TestResult["status"];
  readonly seconds: number | undefined;
  readonly timing: SuiteTiming | undefined;
  /** Seconds of the tests before it in its timed suite. */
  readonly offset: number;
  /** Of a red test: `greenlight.start` and `greenlight.stop`, seconds since the epoch; NaN where they are no number. */
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly failure?: { readonly type?: string; readonly message: string; readonly text: string };
}

/** What the elements of a test mean; Surefire writes the last four for tests that were run again. */
const ENDINGS: Readonly<Record<string, "failed" | "error" | "skipped" | "again">> = {
  failure: "failed",
  error: "error",
  skipped: "skipped",
  rerunFailure: "again",
  rerunError: "again",
  flakyFailure: "again",
  flakyError: "again",
};

export interface CaseReaderOptions {
  readonly suite: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly seconds: number | undefined;
  readonly timing: SuiteTiming | undefined;
}

/** Gathers one `<testcase>` from its elements. */
export class CaseReader {
  readonly #options: CaseReaderOptions;
  readonly #offset: number;
  /** Names of the elements that are open inside it. */
  readonly #path: string[] = [];
  readonly #properties = new Map<string, string>();
  readonly #messages: string[] = [];
  readonly #text = new KeptText();
  readonly #output = new KeptText();
  #status: TestResult["status"] = "passed";
  #type: string | undefined;
  #endings = 0;
  #property: { name: string; value: string } | undefined;

  constructor(options: CaseReaderOptions) {
    this.#options = options;
    this.#offset = options.timing?.sum ?? 0;
  }

  /** How many failures and errors it tells, of runs that were repeated too. */
  get endings(): number {
    return this.#endings;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#path.push(name);
    const { name: key, value, message, type } = attributes;
    if (name === "property" && key !== undefined) this.#property = { name: key, value: value ?? "" };
    const ending = this.#path.length === 1 && Object.hasOwn(ENDINGS, name) ? ENDINGS[name] : undefined;
    if (ending === undefined) return;
    if (ending === "skipped") this.#status = this.#status === "passed" ? "skipped" : this.#status;
    else if (ending === "failed" || this.#status !== "failed")
      this.#status = ending === "again" ? this.#status : ending;
    if (ending === "skipped") return;
    this.#endings += 1;
    this.#type ??= type;
    if (message !== undefined && message !== "") this.#messages.push(message);
    if (!this.#text.empty) this.#text.add("\n");
  }

  text(piece: string): void {
    const [outer] = this.#path;
    if (outer === undefined) return;
    const inner = this.#path.at(-1);
    if (this.#property !== undefined) {
      if (this.#property.value.length < 100) this.#property.value += piece.slice(0, 100);
    } else if (inner === "system-out") this.#output.add(piece);
    else if (Object.hasOwn(ENDINGS, outer) && outer !== "skipped" && inner !== "system-err")
      this.#text.add(piece);
  }

  /** True when it is the test itself that ends. */
  close(name: string): boolean {
    if (this.#path.length === 0) return true;
    this.#path.pop();
    if (name === "property" && this.#property !== undefined) {
      const { name: key, value } = this.#property;
      if (key.startsWith("greenlight.")) this.#properties.set(key, value);
      this.#property = undefined;
    }
    return false;
  }

  read(): JunitCase {
    const { suite, attributes, seconds, timing } = this.#options;
    const { classname = "", name = "", file, line } = attributes;
    const base = { suite, classname, name, status: this.#status, seconds, timing, offset: this.#offset };
    if (this.#status !== "failed" && this.#status !== "error") return base;
    const output = this.#output.read();
    return {
      ...base,
      file,
      line: line !== undefined && /^\d{1,9}$/.test(line) ? Number(line) : undefined,
      start: toNumber(this.#properties.get("greenlight.start") ?? written(output, "start")),
      stop: toNumber(this.#properties.get("greenlight.stop") ?? written(output, "stop")),
      failure: {
        ...(this.#type === undefined ? {} : { type: this.#type }),
        message: this.#messages[0] ?? "",
        text: [...this.#messages.slice(1, 10), this.#text.read()].filter((part) => part !== "").join("\n"),
      },
    };
  }
}

/** Properties that were printed, where a runner has no other way: `[[PROPERTY|greenlight.start=1764000000.5]]`. */
const WRITTEN = {
  start: /\[\[PROPERTY\|greenlight\.start=([\d.]{1,30})\]\]/,
  stop: /\[\[PROPERTY\|greenlight\.stop=([\d.]{1,30})\]\]/,
};

const written = (output: string, which: "start" | "stop"): string | undefined =>
  output === "" ? undefined : WRITTEN[which].exec(output)?.[1];

const toNumber = (text: string | undefined): number | undefined =>
  text === undefined || text.trim() === "" ? undefined : Number(text);
