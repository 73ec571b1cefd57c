export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  readonly alias: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile. Reads continued lines and comments; no heredocs and no ARG before FROM. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join("\n").replaceAll(/\\\n\s*/g, "");
  const stages: { image: string; alias: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of joined.split("\n")) {
    const [, name = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const from = name === "FROM" && /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest);
    if (from) stages.push({ image: from[1] ?? "", alias: from[2], instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** An image reference with a version of at least two numbers: nothing that moves with a release. */
export const EXACT_TAG = /^[\w./-]+:v?\d+\.\d+[\w.-]*$/;
