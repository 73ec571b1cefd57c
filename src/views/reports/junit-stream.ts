import { SaxesParser } from "saxes";
import { HARMLESS, JUNIT_LIMITS } from "../../../services/triage/junit.ts";
import { ReportError } from "../../../services/triage/source.ts";
import { cdata, element, escapeText, propertyElements, startTag } from "./xml.ts";

export interface JunitStreamOptions {
  /** Of each suite that is in no other. */
  readonly suite: Readonly<Record<string, string>>;
  /** Of a red test; undefined for one that nothing is known of. */
  readonly test: (
    attributes: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>> | undefined;
}

/** A test is held until it ends, so that its properties can be put where it has others; up to this length. */
const LONGEST_HELD = 1024 * 1024;

/** Elements of a test that make it red. */
const RED = new Set(["failure", "error"]);

/** A test that has not ended. */
interface Open {
  readonly attributes: Readonly<Record<string, string>>;
  /** Its depth. */
  readonly depth: number;
  /** What is held of it; undefined when it has grown too long. */
  held: string | undefined;
  /** Where in `held` its own properties begin. */
  properties: number | undefined;
  red: boolean;
}

/**
 * Writes a JUnit report anew as it is read, with properties added: every element, attribute and text of it is kept, and
 * the result is well-formed whatever it was. The root element is left out, where it is a list of suites.
 */
export class JunitStream {
  readonly #options: JunitStreamOptions;
  readonly #parser = new SaxesParser();
  readonly #path: string[] = [];
  #out = "";
  #suite: "before" | "opened" | "told" = "before";
  #test: Open | undefined;
  /** How many red tests were written. */
  red = 0;

  constructor(options: JunitStreamOptions) {
    this.#options = options;
    const parser = this.#parser;
    parser.on("error", ({ message }) => {
      if (!HARMLESS.test(message))
        throw new ReportError({ expected: "well-formed XML", found: message.replace(/^[\d:]+ /, "") });
    });
    parser.on("doctype", () => {
      throw new ReportError({ expected: "no DOCTYPE", found: "a DOCTYPE" });
    });
    parser.on("opentag", ({ name, attributes }) => this.#open(name, attributes));
    parser.on("closetag", ({ name }) => this.#close(name));
    parser.on("text", (text) => this.#text(escapeText(text)));
    parser.on("cdata", (text) => this.#text(cdata(text)));
  }

  /** What can be written of the report so far. @throws {ReportError} for what is no XML. */
  write(text: string): string {
    this.#parser.write(text);
    return this.#take();
  }

  /** The rest. @throws {ReportError} for a report that was cut off. */
  end(): string {
    if (this.#path.length > 0)
      throw new ReportError({ expected: "the report's end", found: "the end of the file before it" });
    this.#parser.close();
    return this.#take();
  }

  /** Ends everything that is open, after what could be read. */
  breakOff(): string {
    if (this.#test !== undefined) this.#emit(element("error", { message: "The report breaks off here." }));
    for (const name of this.#path.toReversed()) this.#close(name);
    return this.#take();
  }

  #take(): string {
    const text = this.#out;
    this.#out = "";
    return text;
  }

  #emit(text: string): void {
    const test = this.#test;
    if (test?.held === undefined) {
      this.#out += text;
      return;
    }
    test.held += text;
    if (test.held.length <= LONGEST_HELD) return;
    this.#out += test.held;
    test.held = undefined;
  }

  /** The list of suites is ours, and so is the space in it. */
  #isOutside = (): boolean => this.#path.length === 0 || (this.#path.length === 1 && this.#path[0] === LIST);

  #text(text: string): void {
    if (!this.#isOutside()) this.#emit(text);
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#path.length === 0 && name !== LIST && name !== SUITE)
      throw new ReportError({ expected: "<testsuites> or <testsuite>", found: `<${name.slice(0, 40)}>` });
    if (this.#path.length >= JUNIT_LIMITS.depth)
      throw new ReportError({
        expected: `at most ${JUNIT_LIMITS.depth} elements inside each other`,
        found: "more",
      });
    const own = this.#suite === "opened" && name === PROPERTIES;
    if (this.#suite === "opened" && !own) this.#tellSuite(true);
    const outermost = name === SUITE && this.#isOutside();
    this.#path.push(name);
    if (this.#path.length === 1 && name === LIST) return;
    const tag = startTag(name, attributes);
    if (name === CASE && this.#test === undefined) {
      this.#test = { attributes, depth: this.#path.length, held: "", properties: undefined, red: false };
      this.#emit(tag);
      return;
    }
    this.#emit(tag);
    if (own) this.#tellSuite(false);
    if (outermost) this.#suite = "opened";
    const test = this.#test;
    if (test === undefined || this.#path.length !== test.depth + 1) return;
    if (name === PROPERTIES) test.properties ??= test.held?.length;
    test.red ||= RED.has(name);
  }

  #tellSuite(wrapped: boolean): void {
    this.#suite = "told";
    const properties = propertyElements(this.#options.suite);
    this.#emit(wrapped ? element(PROPERTIES, {}, properties) : properties);
  }

  #close(name: string): void {
    if (this.#suite === "opened") this.#tellSuite(true);
    const test = this.#test;
    if (test !== undefined && this.#path.length === test.depth) this.#closeTest(test);
    this.#path.pop();
    if (this.#path.length > 0 || name !== LIST) this.#emit(`</${name}>`);
    if (name === SUITE && this.#isOutside()) this.#out += "\n";
  }

  #closeTest({ attributes, held, properties: at, red }: Open): void {
    this.#test = undefined;
    const properties = red ? this.#options.test(attributes) : undefined;
    if (red) this.red += 1;
    if (properties === undefined) return this.#emit(held ?? "");
    const elements = propertyElements(properties);
    if (held === undefined || at === undefined)
      return this.#emit(`${held ?? ""}${element(PROPERTIES, {}, elements)}`);
    this.#emit(held.slice(0, at) + elements + held.slice(at));
  }
}

const LIST = "testsuites";
const SUITE = "testsuite";
const CASE = "testcase";
const PROPERTIES = "properties";
