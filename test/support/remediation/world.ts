import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Action, Assessment, Json, Outcome, Position } from "../../../services/remediation/action.ts";

/** Called before each operation on the world; what it throws is the operation's own fault. */
export type BeforeOperation = (name: string) => void | Promise<void>;

const read = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

/** What every file of a folder holds, by name. */
export const worldIn = (folder: string): Record<string, string | null> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, read(join(folder, name))]),
  );

type WriteParams = { readonly name: string; readonly text: string };
type AddParams = { readonly name: string; readonly member: string };

const base = { command: () => "true", permissions: () => [], destructive: false };

const parseBoth = <P extends WriteParams | AddParams>(other: "text" | "member") =>
  function parse(params: unknown): ReturnType<Action<P>["parse"]> {
    const given = params as Record<string, unknown>;
    const faults = ["name", other]
      .filter((key) => typeof given[key] !== "string")
      .map((key) => ({ path: `params.${key}`, expected: "text", found: typeof given[key] }));
    return faults.length > 0 ? { ok: false, faults } : { ok: true, params: given as P };
  };

/**
 * Gives a file another text, in three operations: a mark that it is begun, the text itself, and the mark away. Killed in
 * between, the world is neither before nor after.
 */
export function writeAction(folder: string, before: BeforeOperation): Action<WriteParams> {
  const paths = ({ name }: WriteParams) => ({
    path: join(folder, name),
    mark: join(folder, `${name}.begun`),
    fresh: join(folder, `${name}.begun.new`),
  });

  async function put(params: WriteParams, text: string | null): Promise<Outcome> {
    const { path, mark, fresh } = paths(params);
    if (read(path) === text && read(mark) === null) return { kind: "done", evidence: "it was so already" };
    await before(`mark ${params.name}`);
    writeFileSync(mark, "");
    await before(`put ${params.name}`);
    if (text === null) rmSync(path, { force: true });
    else {
      writeFileSync(fresh, text);
      renameSync(fresh, path);
    }
    await before(`unmark ${params.name}`);
    rmSync(mark, { force: true });
    return { kind: "done", evidence: "written" };
  }

  async function locate(params: WriteParams, prior: Json): Promise<Position> {
    const { path, mark } = paths(params);
    if (read(mark) !== null) return "between";
    const text = read(path);
    if (text === params.text) return "after";
    return text === prior ? "before" : "elsewhere";
  }

  return {
    ...base,
    kind: "write",
    parse: parseBoth<WriteParams>("text"),
    async assess(params): Promise<Assessment> {
      const text = read(paths(params).path);
      if (text === params.text) return { kind: "satisfied", evidence: "the text is there" };
      const symbol = text === null ? "+" : "~";
      return {
        kind: "needed",
        prior: text,
        change: { symbol, target: `file ${params.name}`, before: text, after: params.text },
      };
    },
    apply: (params) => put(params, params.text),
    async settle(params, prior) {
      return (await locate(params, prior)) === "after"
        ? { kind: "done", evidence: "in place" }
        : { kind: "failed", because: "not in place" };
    },
    async rollback(params, prior) {
      // Only what is ours: a text that somebody else has written since stays.
      const { path, mark } = paths(params);
      const ours = read(mark) !== null || read(path) === params.text;
      if (!ours) return { kind: "done", evidence: "not ours" };
      return put(params, prior as string | null);
    },
    locate,
  };
}

/** Adds a member to a list that others write too: read, add, write, as IAM wants it. */
export function addAction(folder: string, before: BeforeOperation): Action<AddParams> {
  const members = ({ name }: AddParams): string[] => JSON.parse(read(join(folder, name)) ?? "[]") as string[];

  async function change(params: AddParams, edit: (list: string[]) => string[]): Promise<void> {
    await before(`edit ${params.name}`);
    const fresh = join(folder, `${params.name}.new`);
    writeFileSync(fresh, JSON.stringify(edit(members(params))));
    renameSync(fresh, join(folder, params.name));
  }

  return {
    ...base,
    kind: "add",
    parse: parseBoth<AddParams>("member"),
    async assess(params): Promise<Assessment> {
      const had = members(params).includes(params.member);
      if (had) return { kind: "satisfied", evidence: "it is a member" };
      const change = {
        symbol: "+",
        target: `list ${params.name}`,
        before: null,
        after: params.member,
      } as const;
      return { kind: "needed", prior: { had }, change };
    },
    async apply(params): Promise<Outcome> {
      if (!members(params).includes(params.member)) await change(params, (list) => [...list, params.member]);
      return { kind: "done", evidence: "a member" };
    },
    async settle() {
      return { kind: "done", evidence: "a member" };
    },
    async rollback(params): Promise<Outcome> {
      if (members(params).includes(params.member))
        await change(params, (list) => list.filter((member) => member !== params.member));
      return { kind: "done", evidence: "no member" };
    },
    async locate(params) {
      return members(params).includes(params.member) ? "after" : "before";
    },
  };
}
