import { SaxesParser, type SaxesTagPlain } from "saxes";
import { CaseReader, type JunitCase, type SuiteTiming } from "./junit-case.ts";
import { decode } from "./decode.ts";
import { ReportError, type ReportSource } from "./source.ts";
import type { ReportFault } from "./result.ts";
import { parseSeconds } from "./times.ts";
import { type Lost, Totals } from "./totals.ts";

/** Beyond these a report is refused from there on: no test run needs them, and they bound time and memory. */
export interface JunitLimits {
  readonly bytes: number;
  readonly tests: number;
  readonly depth: number;
  /** Of one element. */
  readonly attributes: number;
  /** Characters of one text, attribute, comment or name. */
  readonly token: number;
}

export const JUNIT_LIMITS: JunitLimits = {
  bytes: 256 * 1024 * 1024,
  tests: 1_000_000,
  depth: 64,
  attributes: 128,
  token: 32 * 1024 * 1024,
};

export interface JunitFile {
  /** The name of the root element: some dialects show by it alone. */
  readonly rootName: string;
  readonly timings: readonly SuiteTiming[];
  readonly fault?: ReportFault;
  /** What its suites count as red, and no test of it tells. */
  readonly lost?: Lost;
}

export interface ReadJunitOptions {
  readonly limits?: JunitLimits;
  /** No test can have taken longer; tells `1,234` from `1.234`. */
  readonly longestSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onCase: (found: JunitCase) => void;
}

/**
 * Reads one JUnit report as a stream. Never throws for what is in it: what was read before a fault has been handed on,
 * and the fault is returned.
 */
export async function readJunit(source: ReportSource, options: ReadJunitOptions): Promise<JunitFile> {
  const reader = new JunitReader(options);
  const { limits = JUNIT_LIMITS, signal } = options;
  try {
    for await (const text of decode(limited(source.open(), limits.bytes))) {
      signal?.throwIfAborted();
      reader.write(text);
    }
    reader.end();
    return reader.result();
  } catch (error) {
    signal?.throwIfAborted();
    const { expected, found } = error instanceof ReportError ? error : unreadable(error);
    const line = reader.line;
    return {
      ...reader.result(),
      fault: { file: source.name, ...(line === undefined ? {} : { line }), expected, found },
    };
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limit)
      throw new ReportError({
        expected: `at most ${Math.floor(limit / 1024 / 1024)} MB in one report`,
        found: "more than that",
      });
    yield chunk;
  }
}

const unreadable = (error: unknown): { expected: string; found: string } => ({
  expected: "a file that can be read",
  found: (error as NodeJS.ErrnoException).code ?? (error as Error).name,
});

/** Characters that XML does not allow, or entities that HTML has: old reporters write them, and reading on loses nothing. */
export const HARMLESS = /disallowed character\.$|malformed character entity\.$|undefined entity\.$/;

type Attributes = SaxesTagPlain["attributes"];

class JunitReader {
  readonly #parser = new SaxesParser();
  readonly #limits: JunitLimits;
  readonly #options: ReadJunitOptions;
  readonly #suites: { readonly name: string; readonly timing: SuiteTiming | undefined }[] = [];
  readonly #timings: SuiteTiming[] = [];
  readonly #totals = new Totals();
  #rootName = "";
  #rooted = false;
  #depth = 0;
  #attributes = 0;
  #tests = 0;
  #started = false;
  /** Characters that the parser holds because nothing has ended yet. */
  #held = 0;
  #case: CaseReader | undefined;

  constructor(options: ReadJunitOptions) {
    this.#options = options;
    this.#limits = options.limits ?? JUNIT_LIMITS;
    const parser = this.#parser;
    parser.on("error", ({ message }) => {
      if (HARMLESS.test(message)) return;
      throw new ReportError({ expected: "well-formed XML", found: message.replace(/^[\d:]+ /, "") });
    });
    parser.on("doctype", () => {
      throw new ReportError({ expected: "no DOCTYPE: no JUnit report has one", found: "a DOCTYPE" });
    });
    parser.on("attribute", () => {
      this.#attributes += 1;
      this.#atMost(this.#attributes, this.#limits.attributes, "attributes of one element");
    });
    parser.on("opentag", ({ name, attributes }) => {
      this.#held = 0;
      this.#attributes = 0;
      this.#open(name, attributes);
    });
    parser.on("closetag", ({ name }) => {
      this.#held = 0;
      this.#close(name);
    });
    parser.on("text", (text) => this.#text(text));
    parser.on("cdata", (text) => this.#text(text));
  }

  /** From 1; undefined before anything was read. */
  get line(): number | undefined {
    return this.#started ? this.#parser.line : undefined;
  }

  write(text: string): void {
    this.#started ||= text !== "";
    this.#held += text.length;
    this.#parser.write(text);
    this.#atMost(this.#held, this.#limits.token, "characters without a tag");
  }

  end(): void {
    if (!this.#started) throw new ReportError({ expected: "a JUnit report", found: "an empty file" });
    if (this.#depth > 0)
      throw new ReportError({ expected: "the report's end", found: "the end of the file before it" });
    this.#parser.close();
    if (!this.#rooted) throw new ReportError({ expected: "a JUnit report", found: "no element" });
  }

  result(): JunitFile {
    const { lost } = this.#totals;
    return { rootName: this.#rootName, timings: this.#timings, ...(lost === undefined ? {} : { lost }) };
  }

  #atMost(count: number, limit: number, what: string): void {
    if (count > limit) throw new ReportError({ expected: `at most ${limit} ${what}`, found: "more" });
  }

  #text(text: string): void {
    this.#held = 0;
    this.#case?.text(text);
  }

  #open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    this.#atMost(this.#depth, this.#limits.depth, "elements inside each other");
    if (this.#depth === 1) {
      if (name !== "testsuites" && name !== "testsuite")
        throw new ReportError({
          expected: "<testsuites> or <testsuite>, as JUnit reports begin",
          found: `<${name.slice(0, 40)}>`,
        });
      this.#rooted = true;
      this.#rootName = attributes["name"] ?? name;
    }
    if (this.#case !== undefined) this.#case.open(name, attributes);
    else if (name === "testsuite") this.#openSuite(attributes);
    else if (name === "testcase") this.#openCase(attributes);
    else if (name === "failure" || name === "error") this.#totals.stray();
  }

  #openSuite(attributes: Attributes): void {
    const { name = "", timestamp, time } = attributes;
    if (this.#suites.length === 0) this.#totals.open(attributes);
    const seconds = parseSeconds(time, this.#options.longestSeconds);
    const inherited = this.#suites.at(-1)?.timing;
    const timing =
      timestamp === undefined && inherited !== undefined
        ? inherited
        : { stamp: timestamp, seconds, sum: 0, whole: true };
    if (timing !== inherited) this.#timings.push(timing);
    this.#suites.push({ name, timing });
  }

  #openCase(attributes: Attributes): void {
    this.#tests += 1;
    this.#atMost(this.#tests, this.#limits.tests, "tests in one report");
    const suite = this.#suites.at(-1);
    const seconds = parseSeconds(attributes["time"], this.#options.longestSeconds);
    const timing = suite?.timing;
    this.#case = new CaseReader({ suite: suite?.name ?? "", attributes, seconds, timing });
    if (timing === undefined) return;
    timing.sum += seconds ?? 0;
    timing.whole &&= seconds !== undefined;
  }

  #close(name: string): void {
    this.#depth -= 1;
    if (this.#case !== undefined) {
      if (!this.#case.close(name)) return;
      this.#totals.tell(this.#case.endings);
      this.#options.onCase(this.#case.read());
      this.#case = undefined;
    } else if (name === "testsuite") {
      this.#suites.pop();
      if (this.#suites.length === 0) this.#totals.close();
    }
  }
}
