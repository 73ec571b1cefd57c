import { type Rung, RUNGS } from "../causes.ts";

/** What one of two observers says of a dependency. */
export interface Word {
  readonly status: "pass" | "warn" | "fail" | "unknown";
  readonly cause?: { readonly code: string; readonly rung: string } | undefined;
}

/** Where the fault lies, as far as two places to look from can tell. */
export type Comparison =
  | "reached-by-both"
  /** The service passes, and this machine does not get that far. */
  | "not-from-here"
  /** This machine passes, and the service does not get that far. */
  | "not-from-service"
  /** Both fail at the same rung. */
  | "down"
  /** Both fail, each in its own way. */
  | "down-differently"
  /** One of the two does not look at it, or cannot tell. */
  | "not-compared";

export interface Compared {
  readonly comparison: Comparison;
  /** One sentence: what the difference means. */
  readonly meaning: string;
  /** What to do where the dependency itself is up: the cause's own remedies would mend what is not broken. */
  readonly step?: string;
}

/** Pure: tells "this machine cannot reach it" from "it is down", by what is seen from both places. */
export function compare(here: Word | undefined, service: Word | undefined): Compared {
  if (here === undefined || service === undefined) {
    const who = here === undefined ? "this machine" : "the service";
    return {
      comparison: "not-compared",
      meaning: `Not configured for ${who}, so there is nothing to compare.`,
    };
  }
  if (here.status === "unknown" || service.status === "unknown") {
    const who = here.status === "unknown" ? "here" : "in the service";
    return {
      comparison: "not-compared",
      meaning: `The check itself failed ${who}, which says nothing about the dependency.`,
    };
  }
  const reachedHere = here.status !== "fail";
  const reachedThere = service.status !== "fail";
  if (reachedHere && reachedThere)
    return { comparison: "reached-by-both", meaning: "Reached from both places." };
  if (reachedThere) {
    const meaning = `The service reaches it; from here ${lacking(here)}.`;
    return { comparison: "not-from-here", meaning, step: stepFor(here, "this machine", "the service") };
  }
  if (reachedHere) {
    const meaning = `It is reached from here; for the service ${lacking(service)}.`;
    return { comparison: "not-from-service", meaning, step: stepFor(service, "the service", "this machine") };
  }
  return here.cause?.rung === service.cause?.rung
    ? { comparison: "down", meaning: "It fails from both places alike, so it is the dependency itself." }
    : {
        comparison: "down-differently",
        meaning: `It fails from both places, and not alike: from here ${lacking(here)}; for the service ${lacking(service)}.`,
      };
}

const PATH = new Set<string>(["resolve", "connect", "secure"] satisfies Rung[]);
const RIGHTS = new Set<string>(["authenticate", "authorize"] satisfies Rung[]);

function lacking({ cause }: Word): string {
  const rung = cause?.rung ?? "";
  if (!RUNGS.some((each) => each === rung)) return "it fails";
  if (PATH.has(rung))
    return `the way to it ends at ${rung} (${cause?.code ?? ""}): look at the network between, not at the server`;
  if (RIGHTS.has(rung))
    return `it answers and refuses the credentials (${cause?.code ?? ""}): they differ from the other's`;
  return `it answers and fails at ${rung} (${cause?.code ?? ""}): the two may not mean the same server`;
}

function stepFor({ cause }: Word, who: string, other: string): string {
  const rung = cause?.rung ?? "";
  if (PATH.has(rung)) {
    return `Compare the address that ${who} was given with that of ${other}, then look at names, routes, VPN and firewall between ${who} and the server.`;
  }
  if (RIGHTS.has(rung)) return `Give ${who} the user and password that ${other} uses, or the same rights.`;
  return `Check that ${who} and ${other} mean the same server, database and expected content.`;
}
