import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";

const env = { GREENLIGHT_BASELINE_KEY: "this-key-is-public-and-for-this-example-only" };

async function example() {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-drift-example-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await cp(resolve("examples/drift"), cwd, { recursive: true });
  const edit = async (path: string, change: (text: string) => string): Promise<void> => {
    const before = await readFile(join(cwd, path), "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    await writeFile(join(cwd, path), after);
  };
  return { cwd, edit, run: (...args: string[]) => runCli(["config", ...args], { cwd, env }) };
}

test("the example is as its baseline says", async () => {
  const { run } = await example();
  expect(await run("drift")).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("the changes of the guide are told as the guide shows them", async () => {
  const { edit, run } = await example();
  await edit("staging.env", (text) =>
    text
      .replace("CHECKOUT=true", "CHECKOUT=false")
      .replace("API_URL", "API_BASE_URL")
      .concat("BYPASS_LOGIN=1\n"),
  );
  await edit("service.json", (text) => text.replace('"key": "3"', '"key": "4"'));
  const { code, stdout } = await run("drift");
  expect(code).toBe(65);
  const guide = await readFile("docs/guides/drift.md", "utf8");
  expect(guide).toContain(`$ greenlight config drift\n${stdout}`);
  const accepted = await run(
    "drift",
    "accept",
    "DB_PASSWORD",
    "--reason",
    "rotated, ticket OPS-42",
    "--by",
    "ops",
  );
  const [verdict = "", , change = ""] = accepted.stdout.split("\n");
  expect(guide).toContain(`--by ops\n${verdict}\n\n${change}\n`);
});
