import { createFinding } from "../../findings/create.ts";
import type { FindingCode } from "../../findings/table.ts";
import type { LintFinding } from "../python/source-file.ts";
import { createClasses } from "./classes.ts";
import { editsOf } from "./edits.ts";
import type { AwaitFacts, StrayFacts, UseFacts } from "./facts.ts";
import { createJudge, type Given, type Judge } from "./judge.ts";
import { createResolver, type Resolver, type Target } from "./resolve.ts";

export interface AwaitsInput {
  /** By path, relative to the tree, with `/`. */
  readonly files: ReadonlyMap<string, AwaitFacts>;
  /** Python files of the tree of which nothing is known: they do not parse, or cannot be read. */
  readonly unread?: readonly string[];
  /** Folders of pytest's `pythonpath`, relative to the tree, "" for the tree itself. */
  readonly roots?: readonly string[];
  /** Names of top-level modules that Python takes from its own library. Default: those of Python 3. */
  readonly standard?: ReadonlySet<string>;
}

interface Analysis {
  readonly resolver: Resolver;
  readonly judge: Judge;
  /** How often an id was given: the second `f()` of a function is another finding. */
  readonly given: Map<string, number>;
}

/** What is awaited and not async, and async and not awaited; nothing that is not certain. In the order of the files. */
export function analyseAwaits(input: AwaitsInput): readonly LintFinding[] {
  const resolver = createResolver(input);
  const judge = createJudge(resolver, createClasses(resolver, [...input.files.keys()]));
  const analysis: Analysis = { resolver, judge, given: new Map() };
  const found: LintFinding[] = [];
  for (const [file, facts] of input.files) {
    for (const use of facts.uses ?? []) {
      const finding = ofUse(analysis, file, facts, use);
      if (finding !== undefined) found.push(finding);
    }
    for (const stray of facts.strays ?? []) found.push(ofStray(analysis, file, facts, stray));
  }
  return found;
}

const CODES: Readonly<Record<UseFacts["kind"], Readonly<Record<string, FindingCode>>>> = {
  await: { plain: "AWAIT_NOT_ASYNC", generator: "AWAIT_NOT_ASYNC" },
  call: { coroutine: "COROUTINE_NOT_AWAITED", generator: "ASYNC_GENERATOR_NOT_ITERATED" },
};

function ofUse(analysis: Analysis, file: string, facts: AwaitFacts, use: UseFacts): LintFinding | undefined {
  const { judge, resolver } = analysis;
  const targets = judge.targets(file, use.target);
  if (targets === undefined || targets.length === 0) return undefined;
  const kinds = new Set<Given>(targets.map(judge.given));
  const [kind = "unknown", another] = kinds;
  const code = another === undefined ? CODES[use.kind][kind] : undefined;
  if (code === undefined || (kind === "generator" && use.assigned !== undefined)) return undefined;
  const place = facts.scopes?.[use.scope] ?? "";
  const call = `${use.callee}(…)`;
  const edits = editsOf(code, kind, file, use);
  const finding = createFinding({
    code,
    subject: subjectOf(analysis, code, file, place, use.callee),
    message: messageOf(code, kind, use, place),
    place: { kind: "file", file, line: use.line, column: use.column },
    evidence: targets.slice(0, 5).map((target) => evidenceOf(resolver, target)),
    facts: { call, subject: use.callee },
  });
  return edits === undefined ? { finding } : { finding, edits };
}

function messageOf(code: FindingCode, kind: Given, use: UseFacts, place: string): string {
  const where = place === "" ? "at the top level" : `in ${place}`;
  const { callee, assigned } = use;
  if (code === "AWAIT_NOT_ASYNC")
    return kind === "generator"
      ? `${callee} is awaited ${where}, but it is an async generator: it is gone through with async for.`
      : `${callee} is awaited ${where}, but it is not async and returns nothing that can be awaited.`;
  if (code === "ASYNC_GENERATOR_NOT_ITERATED")
    return `${callee} is called ${where}, but it is an async generator and nothing goes through it: none of it runs.`;
  const kept = assigned === undefined ? "" : `, kept as ${assigned}`;
  return `${callee} is called ${where}${kept} and never awaited: none of it runs.`;
}

function evidenceOf(resolver: Resolver, target: Target): string {
  if (target.kind === "outside") return `${target.name} of Python's own library`;
  if (target.kind === "module") return target.path;
  const facts = resolver.facts(target.file);
  if (target.kind === "class") return `class ${facts?.classes?.[target.index]?.name ?? ""} in ${target.file}`;
  const [kind, line] = facts?.defs?.[target.index] ?? ["?", 0];
  return `${kind === "s" ? "def" : "async def"} at ${target.file}:${line}`;
}

const OUTSIDE: Readonly<Record<StrayFacts["where"], string>> = {
  module: "at the top level of the file",
  class: "in a class body",
  def: "in a function that is not async",
  lambda: "in a lambda",
  comprehension: "in a comprehension of a function that is not async",
};

function ofStray(analysis: Analysis, file: string, facts: AwaitFacts, stray: StrayFacts): LintFinding {
  const place = facts.scopes?.[stray.scope] ?? "";
  const code = "AWAIT_OUTSIDE_ASYNC";
  return {
    finding: createFinding({
      code,
      subject: subjectOf(analysis, code, file, place, stray.where),
      message: `await stands ${OUTSIDE[stray.where]}${place === "" ? "" : ` (${place})`}: Python refuses the whole file.`,
      place: { kind: "file", file, line: stray.line, column: stray.column },
    }),
  };
}

/** The same for the same fault wherever the lines move; the second of its kind in one function is told apart. */
function subjectOf({ given }: Analysis, code: string, file: string, place: string, what: string): string {
  const subject = [file, ...(place === "" ? [] : [place]), what].join(":");
  const key = `${code}:${subject}`;
  const count = (given.get(key) ?? 0) + 1;
  given.set(key, count);
  return count === 1 ? subject : `${subject}:${count}`;
}
