import { expect, test } from "vitest";
import { parseReportRequests } from "../../src/views/reports/request.ts";
import { gateCommands, optionsOf, readYaml, runStep, useFolder } from "./pipeline.ts";

interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly retry?: { readonly max: number; readonly exit_codes: readonly number[] };
  readonly allow_failure?: { readonly exit_codes: readonly number[] };
  readonly artifacts?: { readonly when: string; readonly reports: Readonly<Record<string, string>> };
}

const pipeline = readYaml("examples/gitlab/.gitlab-ci.yml") as Readonly<Record<string, Job>>;
const { gate, e2e, ".greenlight": base } = pipeline;
const folder = useFolder();

test("the flags of every greenlight command exist", async () => {
  const commands = [gate, e2e].flatMap((job) => job?.script ?? []).flatMap(gateCommands);
  expect(commands.map(({ command }) => command)).toEqual(["wait", "run"]);
  for (const { command, words } of commands) {
    const flags = words.filter((word) => word.startsWith("--"));
    expect([...(await optionsOf(command))]).toEqual(expect.arrayContaining(flags));
  }
});

test("each report that GitLab is told of is written", () => {
  for (const job of [gate, e2e]) {
    const words = (job?.script ?? []).flatMap(gateCommands).flatMap(({ words }) => words);
    const written = parseReportRequests(words.filter((_, index) => words[index - 1] === "--report"));
    const told = Object.entries(job?.artifacts?.reports ?? {});
    expect(told.length).toBeGreaterThan(0);
    for (const [kind, path] of told) {
      const format = kind === "dotenv" ? "gitlab" : kind;
      expect(written).toContainEqual({ format, path });
    }
    expect(job?.artifacts?.when).toBe("always");
  }
});

test("75 alone is tried again and allowed to fail", () => {
  expect(base?.retry).toEqual({ max: 2, exit_codes: [75] });
  expect(e2e?.allow_failure).toEqual({ exit_codes: [75] });
  expect(gate?.allow_failure).toBeUndefined();
});

test("the scripts are bash", async () => {
  const lines = [base?.before_script, gate?.script, e2e?.script].flatMap((script) => script ?? []);
  const ran = await runStep(`set -n\n${lines.join("\n")}`, { cwd: folder });
  expect(ran).toEqual({ code: 0, stdout: "", stderr: "" });
});
