export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [""],
  counter: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

/**
 * Reads the Prometheus text format 0.0.4 and refuses what a strict reader would: HELP and TYPE once and before the
 * samples, samples of a family together, no label set twice, nothing after the value, a line feed at the end.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (text !== "" && !text.endsWith("\n")) throw new SyntaxError("the last line does not end");
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let current: ParsedFamily | undefined;
  for (const line of text.split("\n").slice(0, -1)) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? [];
    if (keyword === "HELP") {
      if (!METRIC.test(name) || families.has(name)) throw new SyntaxError(`HELP out of place: ${line}`);
      help = { name, text: unescape(rest, "n\\") };
    } else if (keyword === "TYPE") {
      if (help?.name !== name || families.has(name)) throw new SyntaxError(`TYPE out of place: ${line}`);
      if (!Object.hasOwn(SUFFIXES, rest)) throw new SyntaxError(`unknown type: ${line}`);
      current = { name, type: rest, help: help.text, samples: [] };
      families.set(name, current);
    } else {
      const sample = parseSample(line);
      const suffixes = SUFFIXES[current?.type ?? ""] ?? [];
      if (!suffixes.some((suffix) => sample.name === `${current?.name}${suffix}`))
        throw new SyntaxError(`not of this family: ${line}`);
      const key = JSON.stringify([
        sample.name,
        Object.entries(sample.labels).toSorted(([a], [b]) => a.localeCompare(b)),
      ]);
      if (seen.has(key)) throw new SyntaxError(`twice: ${line}`);
      seen.add(key);
      current?.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): ParsedSample {
  const [head = ""] = /^[^{ ]*/.exec(line) ?? [];
  if (!METRIC.test(head)) throw new SyntaxError(`not a metric name: ${line}`);
  const labels: Record<string, string> = {};
  let rest = line.slice(head.length);
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const pair = /^([^=]+)="((?:[^"\\\n]|\\["\\n])*)"(,(?!\})|(?=\}))/.exec(rest);
      const [whole = "", name = "", value = ""] = pair ?? [];
      if (pair === null || !LABEL.test(name) || Object.hasOwn(labels, name))
        throw new SyntaxError(`not a label: ${line}`);
      labels[name] = unescape(value, 'n\\"');
      rest = rest.slice(whole.length);
    }
    rest = rest.slice(1);
  }
  const [, number] = /^ ([+-]?Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(rest) ?? [];
  if (number === undefined) throw new SyntaxError(`not a value: ${line}`);
  return { name: head, labels, value: Number(number.replace("Inf", "Infinity")) };
}

function unescape(text: string, allowed: string): string {
  return text.replaceAll(/\\(.?)/gs, (_, letter: string) => {
    if (letter === "" || !allowed.includes(letter)) throw new SyntaxError(`not an escape: ${text}`);
    return letter === "n" ? "\n" : letter;
  });
}

/** The one value with these labels; NaN when there is none, so that a comparison with it fails. */
export function valueOf(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const samples = [...parseExposition(text).values()].flatMap((family) => family.samples);
  const found = samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return found?.value ?? Number.NaN;
}
