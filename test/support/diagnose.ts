import { unescape } from "node:querystring";
import { expect } from "vitest";
import { RUNGS, type CauseCode } from "../../services/causes.ts";
import { systemClock } from "../../services/clock.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { Dependency } from "../../services/dependencies/dependency.ts";
import type { Deadlines, DependencyOptions } from "../../services/dependencies/options.ts";
import { climb, type ClimbResult } from "../../services/probe/climb.ts";
import { createObserver } from "../../services/probe/observer.ts";
import { causeIn } from "../../services/probe/observation.ts";

export const deadlines: Deadlines = { resolveMs: 500, connectMs: 600, queryMs: 400, totalMs: 3000 };

/** A server's own limit is four fifths of ours: time enough to tell us that it was reached, on a busy machine too. */
export const patient: Deadlines = { ...deadlines, queryMs: 1500 };

type Kind = DependencyOptions["kind"];
export type Given<K extends Kind> = Partial<Omit<Extract<DependencyOptions, { kind: K }>, "kind">> & {
  url: string;
};

/** Complete options from a URL and what a test is about. */
export function optionsFor<K extends Kind>(kind: K, given: Given<K>): DependencyOptions {
  return {
    kind,
    name: kind,
    required: true,
    intervalMs: 1000,
    deadlines,
    assert: [],
    status: [],
    headers: [],
    json: [],
    ...given,
  } as unknown as DependencyOptions;
}

export const dependencyFor = <K extends Kind>(kind: K, given: Given<K>): Promise<Dependency> =>
  createDependency(optionsFor(kind, given));

export interface Diagnosis {
  readonly ladder: ClimbResult;
  /** The code that one pooled observation gives by itself. */
  readonly observed: CauseCode | undefined;
  /** Everything that could be shown, as one text. */
  readonly text: string;
}

/** Climbs the ladder and observes once; neither may throw, and neither may show the password of the URL. */
export async function diagnose<K extends Kind>(kind: K, given: Given<K>): Promise<Diagnosis> {
  const dependency = await dependencyFor(kind, given);
  const { signal } = new AbortController();
  const ladder = await climb({ dependency, clock: systemClock, signal });
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
  const observation = await observer.observe(signal);
  observer.close();
  const text = JSON.stringify({ ladder, observation });
  const { password } = new URL(given.url);
  if (password.length > 3) expect(text).not.toContain(unescape(password));
  return { ladder, observed: causeIn(observation)?.code, text };
}

/** Expects that the ladder names `code`, that earlier rungs hold and that later ones are not evaluated. */
export function expectCause({ ladder }: Diagnosis, code: CauseCode): void {
  expect(ladder.cause, JSON.stringify(ladder)).toMatchObject({ code });
  const index = RUNGS.indexOf(ladder.cause?.rung ?? "assert");
  expect(ladder.rungs.map((rung) => rung.status)).toEqual(
    RUNGS.map((_rung, position) =>
      position < index ? "pass" : position > index ? "unknown" : ladder.status,
    ),
  );
}
