import sax from "sax";
import { CaseReader, type JunitCase, type SuiteTiming } from "./junit-case.ts";
import { decode } from "./decode.ts";
import { ReportError, type ReportSource } from "./source.ts";
import type { ReportFault } from "./result.ts";
import { parseSeconds } from "./times.ts";

/** Beyond these a report is refused from there on: no test run needs them, and they bound time and memory. */
export interface JunitLimits {
  readonly bytes: number;
  readonly tests: number;
  readonly depth: number;
  /** Of one element. */
  readonly attributes: number;
  /** Characters of one attribute, one name, one comment. */
  readonly token: number;
}

export const JUNIT_LIMITS: JunitLimits = {
  bytes: 256 * 1024 * 1024,
  tests: 1_000_000,
  depth: 64,
  attributes: 128,
  token: 1024 * 1024,
};

export interface JunitFile {
  /** The name of the root element: some dialects show by it alone. */
  readonly rootName: string;
  readonly timings: readonly SuiteTiming[];
  readonly fault?: ReportFault;
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
    // Attributes and names are measured once a write, so a write has to be small.
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
}

const PIECE = 64 * 1024;

const unreadable = (error: unknown): { expected: string; found: string } => ({
  expected: "a file that can be read",
  found: (error as NodeJS.ErrnoException).code ?? (error as Error).name,
});

/** Single characters that XML does not allow; old reporters write them, and nothing else is lost by reading on. */
const HARMLESS = /^Invalid character (?:entity|in entity name)/;

class JunitReader {
  readonly #parser: sax.SAXParser;
  readonly #limits: JunitLimits;
  readonly #options: ReadJunitOptions;
  readonly #suites: { readonly name: string; readonly timing: SuiteTiming | undefined }[] = [];
  readonly #timings: SuiteTiming[] = [];
  #rootName = "";
  #depth = 0;
  #attributes = 0;
  #tests = 0;
  #started = false;
  #case: CaseReader | undefined;

  constructor(options: ReadJunitOptions) {
    this.#options = options;
    this.#limits = options.limits ?? JUNIT_LIMITS;
    // The library's one setting for how long a token may grow, and for how much text it hands on at once.
    (sax as { MAX_BUFFER_LENGTH?: number }).MAX_BUFFER_LENGTH = this.#limits.token;
    const parser = sax.parser(true, { strictEntities: true } as sax.SAXOptions);
    this.#parser = Object.assign(parser, {
      onerror: (error: Error) => {
        const found = error.message.split("\n")[0] ?? "";
        if (!HARMLESS.test(found)) throw new ReportError({ expected: "well-formed XML", found });
        parser.resume();
      },
      ondoctype: () => {
        throw new ReportError({ expected: "no DOCTYPE: no JUnit report has one", found: "a DOCTYPE" });
      },
      onopentagstart: () => void (this.#attributes = 0),
      onattribute: () => {
        this.#attributes += 1;
        this.#atMost(this.#attributes, this.#limits.attributes, "attributes of one element");
      },
      onopentag: (tag: sax.Tag) => this.#open(tag),
      onclosetag: (name: string) => this.#close(name),
      ontext: (text: string) => this.#case?.text(text),
      oncdata: (text: string) => this.#case?.text(text),
    });
  }

  /** From 1; undefined before anything was read. */
  get line(): number | undefined {
    return this.#started ? this.#parser.line + 1 : undefined;
  }

  write(text: string): void {
    this.#started ||= text !== "";
    this.#parser.write(text);
  }

  end(): void {
    if (!this.#started) throw new ReportError({ expected: "a JUnit report", found: "an empty file" });
    if (this.#depth > 0)
      throw new ReportError({ expected: "the report's end", found: "the end of the file before it" });
    this.#parser.close();
    if (this.#rootName === "") throw new ReportError({ expected: "a JUnit report", found: "no element" });
  }

  result(): JunitFile {
    return { rootName: this.#rootName, timings: this.#timings };
  }

  #atMost(count: number, limit: number, what: string): void {
    if (count > limit) throw new ReportError({ expected: `at most ${limit} ${what}`, found: "more" });
  }

  #open({ name, attributes }: sax.Tag): void {
    this.#depth += 1;
    this.#atMost(this.#depth, this.#limits.depth, "elements inside each other");
    if (this.#depth === 1) {
      if (name !== "testsuites" && name !== "testsuite")
        throw new ReportError({
          expected: "<testsuites> or <testsuite>, as JUnit reports begin",
          found: `<${name.slice(0, 40)}>`,
        });
      this.#rootName = attributes["name"] ?? name;
    }
    if (this.#case !== undefined) this.#case.open(name, attributes);
    else if (name === "testsuite") this.#openSuite(attributes);
    else if (name === "testcase") this.#openCase(attributes);
  }

  #openSuite({ name = "", timestamp, time }: sax.Tag["attributes"]): void {
    const seconds = parseSeconds(time, this.#options.longestSeconds);
    const inherited = this.#suites.at(-1)?.timing;
    const timing =
      timestamp === undefined && inherited !== undefined
        ? inherited
        : { stamp: timestamp, seconds, sum: 0, whole: true };
    if (timing !== inherited) this.#timings.push(timing);
    this.#suites.push({ name, timing });
  }

  #openCase(attributes: sax.Tag["attributes"]): void {
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
      this.#options.onCase(this.#case.read());
      this.#case = undefined;
    } else if (name === "testsuite") this.#suites.pop();
  }
}
