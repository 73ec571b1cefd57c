import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { runCli, spawnCli } from "./run-cli.ts";

const cwd = mkdtempSync(join(tmpdir(), "greenlight-apply-signals-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const INI = "[pytest]\n";
const env = { GREENLIGHT_ENVIRONMENT: "test", XDG_STATE_HOME: join(cwd, "state"), USER: "ada" };
const ini = () => readFileSync(join(cwd, "suite", "pytest.ini"), "utf8");

mkdirSync(join(cwd, "suite"));
writeFileSync(join(cwd, "suite", "pytest.ini"), INI);
writeFileSync(
  join(cwd, "suite", "test_a.py"),
  "import pytest\n\n\n@pytest.mark.slow\ndef test_a():\n    pass\n",
);
writeFileSync(
  join(cwd, "plan.yaml"),
  `schemaVersion: 1
id: two-steps
title: Register markers, and have a person tell the team
environment: test
steps:
  - id: register
    title: register what is used
    priority: P0
    phase: 1
    estimate: 1s
    action: { kind: register-markers, params: { folder: suite } }
    verify: [{ kind: lint, what: markers, folder: suite }]
    rollback: { kind: automatic }
    risk: low
    owner: qa
  - id: tell
    title: tell the team
    priority: P2
    phase: 1
    estimate: 1m
    needs: [register]
    action: { kind: manual, params: { instructions: ["Write told.txt"] } }
    verify: [{ kind: exec, command: [test, -f, told.txt] }]
    rollback: { kind: none, because: nothing is changed }
    risk: low
    owner: qa
`,
);

test("Ctrl-C waits for the step in hand and says so; the second ends at once and says how to go on; resume and rollback do", async () => {
  const shown = await runCli(["apply", "plan.yaml", "--json"], { cwd, env });
  const { digest } = (JSON.parse(shown.stdout) as { plan: { digest: string } }).plan;
  const child = spawnCli(["apply", "plan.yaml", "--confirm", digest, "--json"], { cwd, env });
  const stdout = text(child.stdout);
  let stderr = "";
  const closed = once(child, "close");
  for await (const chunk of child.stderr.setEncoding("utf8")) {
    const before = stderr;
    stderr += chunk as string;
    const appeared = (words: string): boolean => !before.includes(words) && stderr.includes(words);
    if (appeared("tell: applying")) child.kill("SIGINT");
    if (appeared("Again to end at once")) child.kill("SIGINT");
  }
  const [code] = (await closed) as [number | null];
  expect(stderr).toContain("Interrupted: ending when step tell is finished or taken back.");
  const report = JSON.parse(await stdout) as { runId: string };
  expect(report).toMatchObject({ outcome: "stopped", code: "ABORTED" });
  expect(stderr).toContain(`greenlight resume ${report.runId}`);
  expect(code).toBe(130);
  // Nothing was told to be undone: what was done stays, and the journal knows it.
  expect(ini()).toContain("slow");

  writeFileSync(join(cwd, "told.txt"), "");
  const resumed = await runCli(["resume", report.runId], { cwd, env });
  expect(resumed.stdout).toContain("2 of 2 steps are done and verified");
  expect(resumed.code).toBe(0);
  const back = await runCli(["rollback", report.runId], { cwd, env });
  expect(back).toMatchObject({ code: 0 });
  expect(ini()).toBe(INI);
  expect((await runCli(["runs", report.runId], { cwd, env })).stdout).toContain(
    "ada took it over to finish it",
  );
}, 60_000);
