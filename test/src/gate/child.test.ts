import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import type { FinishedChild } from "../../../src/gate/child.ts";
import type { StartFailure } from "../../../src/gate/child-program.ts";
import { eventually } from "../../support/wait.ts";

const driver = resolve("test/src/gate/child-driver.ts");
const folder = mkdtempSync(join(tmpdir(), "greenlight-child-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

interface Started {
  readonly process: ChildProcess;
  readonly result: () => Promise<FinishedChild & StartFailure>;
}

function start(
  command: readonly string[],
  { abortAfter = "never" }: { readonly abortAfter?: string } = {},
): Started {
  count += 1;
  const file = join(folder, `result-${count}.json`);
  const args = [driver, file, abortAfter, ...command];
  const child = spawn(process.execPath, args, { cwd: folder });
  const closed = once(child, "exit");
  return {
    process: child,
    async result() {
      await closed;
      return JSON.parse(readFileSync(file, "utf8")) as FinishedChild & StartFailure;
    },
  };
}

const shell = (script: string): string[] => ["sh", "-c", script];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const pidIn = (name: string): Promise<number> =>
  eventually(() => {
    const pid = Number(readFileSync(join(folder, name), "utf8"));
    return pid > 0 && pid;
  }) as Promise<number>;

describe("how a command ends", () => {
  test("its exit code is its own", async () => {
    const { end } = await start(shell("exit 42")).result();
    expect(end).toEqual({ kind: "exited", code: 42 });
  });

  test("killed by a signal, the signal is named", async () => {
    const { end } = await start(shell("kill -KILL $$")).result();
    expect(end).toEqual({ kind: "killed", signal: "SIGKILL" });
  });

  test("that does not exist, 127 and what to check", async () => {
    const failure = await start(["no-such-program-7f"]).result();
    expect(failure).toMatchObject({
      exitCode: 127,
      message: 'the command "no-such-program-7f" was not found in PATH.',
    });
  });

  test("given as one word, the words are asked for", async () => {
    const { exitCode, hint } = await start(["sh -c true"]).result();
    expect(exitCode).toBe(127);
    expect(hint).toContain("words of their own");
  });

  test("that is not executable, 126 and how to run it", async () => {
    const file = join(folder, "plain.sh");
    writeFileSync(file, "#!/bin/sh\nexit 0\n", { mode: 0o644 });
    const failure = await start(["./plain.sh"]).result();
    expect(failure).toEqual({
      exitCode: 126,
      message: `${file} is a file that may not be executed.`,
      hint: `Run: chmod +x ${file}    or: greenlight run … -- /bin/sh ${file}`,
    });
  });

  test("that is a folder, 126", async () => {
    expect(await start([folder]).result()).toMatchObject({ exitCode: 126, message: `${folder} is no file.` });
  });

  test("whose interpreter is not there, 126 and its name", async () => {
    const file = join(folder, "windows.sh");
    writeFileSync(file, "#!/bin/sh\r\nexit 0\r\n");
    chmodSync(file, 0o755);
    const { end } = await start([file]).result();
    expect(end).toMatchObject({
      kind: "not-started",
      failure: { exitCode: 126, message: expect.stringContaining("#!/bin/sh\\r,") as string },
    });
  });

  test("without a first line that names a shell, it is run as a shell would", async () => {
    const file = join(folder, "bare");
    writeFileSync(file, "exit 7\n", { mode: 0o755 });
    expect((await start([file]).result()).end).toEqual({ kind: "exited", code: 7 });
  });
});

describe("what a command reads and writes", () => {
  test("every byte arrives as it was written, and stdin too", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 * 64 }, (_, index) => index % 256));
    const { process: child, result } = start(["cat"]);
    child.stdin!.end(bytes);
    expect(await buffer(child.stdout!)).toEqual(bytes);
    expect((await result()).end).toEqual({ kind: "exited", code: 0 });
  });

  test("a reader that is slow loses nothing, and the command never sees a stream that would block", async () => {
    const script =
      "import sys\nfor i in range(3000): sys.stdout.buffer.write(b'x' * 1024)\nsys.stdout.flush()";
    const { process: child, result } = start(["python3", "-c", script]);
    await new Promise((done) => setTimeout(done, 200));
    expect(await buffer(child.stdout!)).toHaveLength(3000 * 1024);
    expect((await result()).end).toEqual({ kind: "exited", code: 0 });
  });

  test("a terminal stays one, and Ctrl-C typed there arrives once", async () => {
    const script = `import os, signal, sys, time
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
sys.stdout.write("tty %s %s\\n" % (os.isatty(0), os.isatty(1)))
sys.stdout.flush()
end = time.monotonic() + 1
while time.monotonic() < end: time.sleep(0.05)
print("seen", len(seen))`;
    writeFileSync(join(folder, "terminal_probe.py"), script);
    // The standard library's own terminal: it types Ctrl-C once the command has said that it is ready.
    const typist = `import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
text = b""
typed = False
while True:
    try: data = os.read(fd, 4096)
    except OSError: break
    if not data: break
    text += data
    if not typed and b"tty" in text:
        typed = True
        os.write(fd, b"\\x03")
os.waitpid(pid, 0)
sys.stdout.write(text.decode())`;
    count += 1;
    const file = join(folder, `result-${count}.json`);
    const args = [
      "-c",
      typist,
      process.execPath,
      driver,
      file,
      "never",
      "python3",
      join(folder, "terminal_probe.py"),
    ];
    const child = spawn("python3", args, { cwd: folder });
    const output = (await buffer(child.stdout)).toString();
    expect(output).toContain("tty True True");
    expect(output).toContain("seen 1\r\n");
    const { end, passedOn } = JSON.parse(readFileSync(file, "utf8")) as FinishedChild;
    expect({ end, passedOn }).toEqual({ end: { kind: "exited", code: 0 }, passedOn: ["SIGINT"] });
  });
});

describe("signals", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "%s is passed on, and what the command makes of it is the result",
    async (signal) => {
      const name = signal.slice(3);
      const script = `trap 'exit 33' ${name}; echo ready; while :; do sleep 0.05; done`;
      const { process: child, result } = start(shell(script));
      await once(child.stdout!, "data");
      child.kill(signal);
      const { end, passedOn } = await result();
      expect({ end, passedOn }).toEqual({ end: { kind: "exited", code: 33 }, passedOn: [signal] });
    },
  );

  test("SIGWINCH is passed on, and is no wish to end", async () => {
    const { process: child, result } = start(
      shell("trap 'exit 5' WINCH; echo ready; while :; do sleep 0.05; done"),
    );
    await once(child.stdout!, "data");
    child.kill("SIGWINCH");
    const { end, passedOn } = await result();
    expect({ end, passedOn }).toEqual({ end: { kind: "exited", code: 5 }, passedOn: [] });
  });

  test("a stop stops the command as well, and it goes on with it", async () => {
    // It starts nothing while it waits: stopped in the middle of that, a shell is shown as waiting for its child.
    const { process: child, result } = start(
      shell("mkfifo go-on; echo $$ > stopped.pid; echo ready; read word < go-on"),
    );
    await once(child.stdout!, "data");
    const pid = await pidIn("stopped.pid");
    const state = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    child.kill("SIGTSTP");
    await eventually(() => state() === "T");
    child.kill("SIGCONT");
    await writeFile(join(folder, "go-on"), "on\n");
    expect((await result()).end).toEqual({ kind: "exited", code: 0 });
  });
});

describe("what a command leaves behind", () => {
  test("grandchildren in its group are ended, those too that hear no SIGTERM", async () => {
    const script =
      "sleep 60 & echo $! > polite.pid; (trap '' TERM; echo ready > stubborn.ready; while :; do sleep 0.1; done) & " +
      "echo $! > stubborn.pid; while [ ! -s stubborn.ready ]; do sleep 0.02; done; exit 3";
    const { end, tree } = await start(shell(script)).result();
    expect(end).toEqual({ kind: "exited", code: 3 });
    expect(tree.told.length).toBeGreaterThanOrEqual(2);
    expect(tree.left).toEqual([]);
    expect(isAlive(await pidIn("polite.pid"))).toBe(false);
    expect(isAlive(await pidIn("stubborn.pid"))).toBe(false);
  });

  test("those that left the group and the session are found by the run's variable", async () => {
    const script =
      "setsid sh -c 'echo $$ > away.pid; exec sleep 60' & while [ ! -s away.pid ]; do sleep 0.02; done";
    await start(shell(script)).result();
    expect(isAlive(await pidIn("away.pid"))).toBe(false);
  });

  test("those that left with no variables are found while whoever started them lives", async () => {
    const script =
      "setsid sh -c 'env -i setsid sh -c \"echo \\$\\$ > bare.pid; exec sleep 60\" & sleep 60' & " +
      "while [ ! -s bare.pid ]; do sleep 0.02; done";
    await start(shell(script)).result();
    expect(isAlive(await pidIn("bare.pid"))).toBe(false);
  });

  test("a process that is none of the run's stays", async () => {
    const other = spawn("sleep", ["60"], { detached: true });
    try {
      await start(shell("sleep 60 & exit 0")).result();
      expect(isAlive(other.pid!)).toBe(true);
    } finally {
      other.kill("SIGKILL");
    }
  });
});

describe("a command that is ended early", () => {
  test("is asked by SIGINT first, so that it can write what it has", async () => {
    const script = "trap 'echo partial; exit 9' INT; echo ready; while :; do sleep 0.05; done";
    const { process: child, result } = start(shell(script), { abortAfter: "300" });
    const output = (await buffer(child.stdout!)).toString();
    const { end, passedOn } = await result();
    expect({ end, passedOn, output }).toEqual({
      end: { kind: "exited", code: 9 },
      passedOn: [],
      output: "ready\npartial\n",
    });
  });

  test("that hears no SIGINT is ended by SIGTERM", async () => {
    const { result } = start(shell("trap '' INT; while :; do sleep 0.05; done"), { abortAfter: "100" });
    expect((await result()).end).toEqual({ kind: "killed", signal: "SIGTERM" });
  });
});
