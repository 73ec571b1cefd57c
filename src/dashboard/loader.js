// @ts-check
import { pruned, withAnswer } from "./board.js";
import { concerns, wantedOf } from "./schedule.js";

/** @typedef {import("./types.ts").Parts} Parts */
/** @typedef {import("./types.ts").Answer} Answer */

/**
 * Keeps the parts recent: asks for what is due, each at most once at a time.
 *
 * @param {{ readonly get: (path: string, signal: AbortSignal) => Promise<Answer>, readonly now: () => number, readonly onChange: () => void, readonly onRefused: (trouble: import("./types.ts").Trouble) => void }} options
 */
export function createLoader({ get, now, onChange, onRefused }) {
  /** @type {Parts} */
  let parts = new Map();
  let round = new AbortController();
  let runs = false;
  /** @type {Map<string, number>} */
  const askedAt = new Map();
  /** @type {Set<string>} */
  const underWay = new Set();
  /** Due whatever the time; also of what is being asked for, since the answer may be older than the event. @type {Set<string>} */
  const due = new Set();

  const isAnswered = () => [...parts.values()].some(({ at }) => at !== undefined);

  function tick() {
    const wanted = wantedOf(parts, { runs });
    parts = pruned(parts, wanted);
    // Whoever is refused, or reaches nobody, is so with one request.
    for (const { path, everyMs } of isAnswered() ? wanted : wanted.slice(0, 1)) {
      const last = askedAt.get(path);
      const isDue = due.has(path) || last === undefined || now() - last >= everyMs;
      if (isDue && !underWay.has(path)) void load(path, round.signal);
    }
  }

  /** @param {string} path @param {AbortSignal} signal */
  async function load(path, signal) {
    const at = now();
    askedAt.set(path, at);
    underWay.add(path);
    due.delete(path);
    const answer = await get(path, signal);
    // Of a round that is over: another token, or nobody who looks.
    if (signal.aborted) return;
    underWay.delete(path);
    if (!answer.ok && answer.trouble.kind === "refused") {
      onRefused(answer.trouble);
      return;
    }
    parts = withAnswer(parts, path, { answer, askedAt: at });
    tick();
    onChange();
  }

  return {
    parts: () => parts,
    showsRuns: () => runs,
    /** Whether anything was ever answered. */
    isAnswered,
    tick,
    /** What an event may have changed is asked for at once. @param {string} type */
    hurry(type) {
      if (type === "run") runs = true;
      for (const { path } of wantedOf(parts, { runs })) if (concerns(type, path)) due.add(path);
    },
    /** Somebody wants to see the runs. */
    wantRuns() {
      runs = true;
      tick();
    },
    /** Gives up what is under way; `forget` also what is known. @param {{ readonly forget: boolean }} how */
    stop({ forget }) {
      round.abort();
      round = new AbortController();
      underWay.clear();
      due.clear();
      askedAt.clear();
      if (forget) parts = new Map();
    },
  };
}
