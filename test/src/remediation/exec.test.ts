import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createRedact } from "../../../services/redact.ts";
import { createVerify } from "../../../services/remediation/verify.ts";
import type { VerifierCall } from "../../../services/remediation/verifier.ts";
import { createExec } from "../../../src/remediation/exec-capability.ts";
import { secretVariables } from "../../../src/remediation/secret-variables.ts";
import { eventually } from "../../support/wait.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-exec-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { signal: never } = new AbortController();

const CANARY = "canary-4f1c9d27";
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  GREENLIGHT_TOKEN: CANARY,
  DATABASE_URL: `postgres://app:${CANARY}@127.0.0.1/app`,
};
const redact = createRedact([...secretVariables(env), "hunter2-canary"]);
const stages = [
  { signal: "SIGTERM", ms: 200 },
  { signal: "SIGKILL", ms: 2000 },
] as const;
const verify = createVerify({ exec: createExec({ cwd: folder, env, redact, stages }), redact });

const call = (command: readonly string[], more: object = {}): VerifierCall => ({
  kind: "exec",
  command,
  ...more,
});
const node = (script: string): readonly string[] => [process.execPath, "-e", script];

const isAlive = (pid: number): boolean => {
  try {
    // A zombie has no command line.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
};

async function pidsIn(file: string, count: number): Promise<readonly number[]> {
  const read = (): readonly number[] =>
    existsSync(file) ? readFileSync(file, "utf8").trim().split(/\s+/).map(Number) : [];
  await eventually(() => read().length === count);
  return read();
}

describe("a command as a check", () => {
  test("its exit code decides; what it said is told", async () => {
    expect(await verify(call(node("console.log('all well')")), never)).toEqual({
      kind: "held",
      evidence: `${process.execPath} ends with exit code 0: all well`,
    });
    expect(await verify(call(node("console.error('no'); process.exit(3)")), never)).toEqual({
      kind: "broken",
      evidence: `${process.execPath}: expected exit code 0, found exit code 3: no`,
    });
    expect(await verify(call(node("process.exit(3)"), { exitCode: 3 }), never)).toMatchObject({
      kind: "held",
    });
  });

  test("given time, another exit code is pending: it is tried again", async () => {
    expect(await verify(call(node("process.exit(1)"), { withinMs: 20_000 }), never)).toMatchObject({
      kind: "pending",
    });
  });

  test("no shell reads its arguments", async () => {
    const words = ["$(touch pwned)", "; touch pwned", "`touch pwned`", "*"];
    const found = await verify(
      call([...node("console.log(JSON.stringify(process.argv.slice(1)))"), ...words]),
      never,
    );
    expect(found).toMatchObject({ kind: "held" });
    expect("evidence" in found && found.evidence).toContain(JSON.stringify(words));
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });

  test("it sees no variable of this process that may be a credential, and none that it needs not", async () => {
    const found = await verify(call(node("console.log(Object.keys(process.env).sort().join())")), never);
    expect("evidence" in found && found.evidence).toMatch(/: GREENLIGHT_RUN_ID,HOME,PATH$/);
  });

  test("what it prints is redacted before it is cut, and cut", async () => {
    writeFileSync(join(folder, "secrets"), `token=${CANARY}\npassword: hunter2-canary\n`);
    const found = await verify(call(["cat", "secrets"]), never);
    expect(JSON.stringify(found)).not.toMatch(/canary/);
    expect(found).toMatchObject({ kind: "held", evidence: expect.stringContaining("[redacted]") as string });
    // A secret that the cut runs through is not shown in part.
    const long = `console.log('x'.repeat(70000) + 'hunter2-canary'.repeat(30) + 'y'.repeat(290))`;
    const cut = await verify(call(node(long)), never);
    expect("evidence" in cut && cut.evidence.length).toBeLessThan(600);
    expect(JSON.stringify(cut)).not.toMatch(/canary|hunter/);
  });

  test("output without end does not fill the memory, and the command is ended with all it started", async () => {
    const at = join(folder, "flood");
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "inherit" });
      require("node:fs").writeFileSync(${JSON.stringify(at)}, process.pid + " " + child.pid);
      process.on("SIGTERM", () => {});
      setInterval(() => process.stdout.write("x".repeat(100000)), 1);`;
    const found = await verify(call(node(script), { withinMs: 1500 }), never);
    expect(found).toMatchObject({
      kind: "broken",
      evidence: expect.stringContaining("no end within 1500ms") as string,
    });
    const pids = await pidsIn(at, 2);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("an abort ends the tree and is the only thing that rejects", async () => {
    const at = join(folder, "abort");
    const aborter = new AbortController();
    const script = `process.on("SIGTERM", () => {}); require("node:fs").writeFileSync(${JSON.stringify(at)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const running = verify(call(node(script)), aborter.signal);
    const [pid = 0] = await pidsIn(at, 1);
    const reason = new Error("enough");
    aborter.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(isAlive(pid)).toBe(false);
  });

  test("a command that ends and leaves another behind leaves nothing behind", async () => {
    const at = join(folder, "left");
    const found = await verify(
      call(["sh", "-c", `setsid sleep 60 >/dev/null 2>&1 & echo $! > ${at}; exit 0`]),
      never,
    );
    expect(found).toMatchObject({ kind: "held" });
    const [pid = 0] = await pidsIn(at, 1);
    expect(pid).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
  });

  test("what cannot be started, or ends by a signal, says so", async () => {
    expect(await verify(call(["no-such-program"]), never)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining('the command "no-such-program" was not found in PATH') as string,
    });
    writeFileSync(join(folder, "broken"), "#!/no/such/interpreter\n");
    chmodSync(join(folder, "broken"), 0o755);
    expect(await verify(call(["./broken"]), never)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining("there is no such program") as string,
    });
    expect(await verify(call(node("process.kill(process.pid, 'SIGKILL')")), never)).toMatchObject({
      kind: "broken",
      evidence: expect.stringContaining("found an end by SIGKILL") as string,
    });
  });

  test("where nobody starts programs it is unknown", async () => {
    expect(await createVerify({ redact })(call(["true"]), never)).toMatchObject({ kind: "unknown" });
  });
});

test("variables are secrets by their names, and paths and short words are none", () => {
  expect(
    secretVariables({ API_TOKEN: "abcdefgh", APP_KEY: "abcdefgh", DB_PASSWORD: "x", SECRET_FILE: "/run/x" }),
  ).toEqual(["abcdefgh"]);
});
