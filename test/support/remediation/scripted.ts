import type { Action, Json } from "../../../services/remediation/action.ts";

/** Key and value; what is there is the world. */
export type Memory = Map<string, string>;

type SetParams = { readonly key: string; readonly value: string };

/** Sets a key in memory; what each call does can be replaced. `log` gets every change of the world. */
export function setAction(
  memory: Memory,
  { log = [], ...replaced }: Partial<Action<SetParams>> & { readonly log?: string[] } = {},
): Action<SetParams> {
  const put = (key: string, value: Json): void => {
    if (typeof value === "string") memory.set(key, value);
    else memory.delete(key);
  };
  return {
    kind: "set",
    parse: (params) => ({ ok: true, params: params as SetParams }),
    async assess({ key, value }) {
      const prior = memory.get(key) ?? null;
      if (prior === value) return { kind: "satisfied", evidence: `${key} is ${value}` };
      const symbol = prior === null ? "+" : "~";
      return { kind: "needed", prior, change: { symbol, target: key, before: prior, after: value } };
    },
    async apply({ key, value }) {
      log.push(`apply ${key}`);
      put(key, value);
      return { kind: "done", evidence: "set" };
    },
    settle: async () => ({ kind: "done", evidence: "set" }),
    async rollback({ key, value }, prior) {
      log.push(`rollback ${key}`);
      if (memory.get(key) === value) put(key, prior);
      return { kind: "done", evidence: "unset" };
    },
    async locate({ key, value }, prior) {
      const found = memory.get(key) ?? null;
      if (found === value) return "after";
      return found === prior ? "before" : "elsewhere";
    },
    command: () => "true",
    permissions: ({ key }) => [{ permission: `set.${key}`, resource: "projects/p" }],
    destructive: false,
    ...replaced,
  };
}

/** Answers in turn, and the last one for ever. */
export function inTurn<T>(answers: readonly T[]): () => Promise<T> {
  let next = 0;
  return async () => answers[Math.min(next++, answers.length - 1)] as T;
}
