import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { optionsOf, type Ran, readYaml, runStep, type Step, useFolder, writeExecutable } from "./pipeline.ts";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = readYaml("examples/action/action.yml") as Action;
const greenlight = action.runs.steps.find(({ id }) => id === "greenlight")!;
const redis = await useDependency("redis");
const folder = useFolder();

interface Stepped extends Ran {
  readonly cwd: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs the step as GitHub does: inputs become variables as `env` says, without a shell in between. */
async function step(inputs: Readonly<Record<string, string>>): Promise<Stepped> {
  const cwd = mkdtempSync(join(folder, "run-"));
  const output = join(cwd, "..", `${cwd.split("-").at(-1)}.output`);
  const given = Object.fromEntries(
    Object.entries(greenlight.env ?? {}).flatMap(([variable, expression]) => {
      const name = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(expression)?.[1];
      return name === undefined ? [] : [[variable, inputs[name] ?? action.inputs[name]?.default ?? ""]];
    }),
  );
  const ran = await runStep(greenlight.run ?? "", {
    cwd,
    env: {
      REDIS_URL: redis.url(),
      NODE: process.execPath,
      CLI: join(process.cwd(), "src/cli.ts"),
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: output,
      ...given,
    },
  });
  const written = existsSync(output) ? readFileSync(output, "utf8") : "";
  // `name=value`, or a value between two delimiters.
  const outputs = Object.fromEntries(
    [...written.matchAll(/^(\w+)(?:=(.*)|<<(\S+)\n([^]*?)\n\3)$/gm)].map(([, name = "", line, , block]) => [
      name,
      line ?? block ?? "",
    ]),
  );
  return { ...ran, cwd, outputs };
}

test("scripts hold no expression, and every input reaches one as a variable", () => {
  const { steps } = action.runs;
  expect(steps.filter(({ run }) => run?.includes("${{")).map(({ name }) => name)).toEqual([]);
  expect(steps.filter(({ run, shell }) => run !== undefined && shell !== "bash")).toEqual([]);
  const named = Object.values(greenlight.env ?? {}).flatMap(
    (expression) => /inputs\.(\w+)/.exec(expression)?.[1] ?? [],
  );
  expect(named.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
});

test.each([
  ["24", (node: string) => node],
  ["20", () => "/from/npm/node"],
])(
  "with Node %s on PATH, a Node that runs Greenlight is found, and PATH stays as it is",
  async (version, expected) => {
    const cwd = mkdtempSync(join(folder, "install-"));
    const output = join(cwd, "output");
    // `node -p` of the version in question; the packages are there already.
    const node = writeExecutable(
      join(cwd, "bin/node"),
      `#!/bin/sh\nif [ ${version} -lt 24 ]; then exit 1; fi\necho "${join(cwd, "bin/node")}"\n`,
    );
    writeExecutable(
      join(cwd, "bin/npm"),
      '#!/bin/sh\necho "$*" >> npm-calls\nif [ "$1" = exec ]; then echo /from/npm/node; fi\n',
    );
    const { run = "" } = action.runs.steps.find(({ id }) => id === "install")!;
    const { PATH = "" } = process.env;
    const env = { PATH: `${join(cwd, "bin")}:${PATH}`, ROOT: "/greenlight", GITHUB_OUTPUT: output };
    expect((await runStep(run, { cwd, env })).code).toBe(0);
    expect(readFileSync(output, "utf8")).toBe(`node=${expected(node)}\n`);
    expect(readFileSync(join(cwd, "npm-calls"), "utf8")).toMatch(/^ci --omit=dev --prefix \/greenlight\n/);
  },
);

test("the flags of its commands exist", async () => {
  const flags = [...new Set(greenlight.run?.match(/(?<=")--[a-z]+(?==)/g))];
  expect([...(await optionsOf("run"))]).toEqual(expect.arrayContaining(flags));
  expect([...(await optionsOf("wait"))]).toEqual(
    expect.arrayContaining(flags.filter((flag) => flag !== "--junit")),
  );
});

test("when the environment is fit, then waiting ends with go", async () => {
  const { code, outputs } = await step({ suite: "database", stable: "0s", timeout: "20s" });
  expect(code).toBe(0);
  expect(outputs).toMatchObject({ verdict: "go", outcome: "passed", exit_code: "0" });
});

test("when a command is given, then it runs as a script, and reports are written", async () => {
  const { code, stdout, outputs, cwd } = await step({
    suite: "database",
    stable: "0s",
    command: 'echo "suite $GREENLIGHT_SUITE" &&\n  false | true\n',
    reports: "\njson=out/run.json\nmarkdown=out/run.md\n",
  });
  expect(stdout).toContain("suite database\n");
  // -o pipefail, as in the runner's own bash.
  expect({ code, ...outputs }).toMatchObject({ code: 1, exit_code: "1", outcome: "failed", verdict: "go" });
  expect(readdirSync(join(cwd, "out")).toSorted()).toEqual(["run.json", "run.md"]);
});

test("when the command is there and tests fail, then its own code is the step's", async () => {
  const { code, outputs } = await step({ suite: "database", stable: "0s", command: "exit 3" });
  expect({ code, ...outputs }).toMatchObject({ code: 3, exit_code: "3" });
});

test("when Redis is down, then the command does not run, and the code says to try again", async () => {
  await redis.proxy.setMode("refuse");
  const { code, outputs, cwd } = await step({
    suite: "database",
    timeout: "2s",
    command: "touch started",
  });
  await redis.proxy.setMode("none");
  expect({ code, ...outputs }).toMatchObject({
    code: 75,
    exit_code: "75",
    verdict: "wait",
    outcome: "not-fit-in-time",
  });
  expect(existsSync(join(cwd, "started"))).toBe(false);
});

const hostile = [
  "$(touch pwned)",
  "`touch pwned`",
  '"; touch pwned; "',
  "'; touch pwned; '",
  "x\ntouch pwned\n",
  "x\nverdict=go",
  "${IFS}touch${IFS}pwned",
  "| touch pwned &",
  "--dry-run",
  "--help",
  "-- touch pwned",
  "*",
  "\\",
];

// One after the other would take minutes on two cores.
const results = new Map<string, Stepped>();
const key = (input: string, text: string): string => JSON.stringify([input, text]);
const inputs = ["suite", "url", "config", "timeout", "stable", "reports", "junit"];
const pairs = inputs.flatMap((input) => hostile.map((text) => [input, text] as const));
beforeAll(async () => {
  for (let at = 0; at < pairs.length; at += 4)
    await Promise.all(
      pairs.slice(at, at + 4).map(async ([input, text]) => {
        const command = input === "junit" ? "true" : "";
        const ran = await step({ suite: "database", stable: "0s", timeout: "5s", command, [input]: text });
        results.set(key(input, text), ran);
      }),
    );
}, 240_000);

test.each(pairs)("when %s is %j, then nothing of it is executed or becomes an output", (input, text) => {
  const { code, cwd, stderr, outputs } = results.get(key(input, text))!;
  expect(readdirSync(cwd)).not.toContain("pwned");
  expect(outputs["exit_code"]).toBe(String(code));
  // What is no suite, address, file or duration is refused before anything is asked; a pattern may match nothing.
  if (!["junit", "reports"].includes(input)) {
    expect(code, stderr).not.toBe(0);
    expect(outputs["verdict"]).not.toBe("go");
  }
});
