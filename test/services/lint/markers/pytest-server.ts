import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Has pytest in memory and runs each request in a fork of itself, as `python -m pytest` would there: most of a start is
 * what pytest imports. Nothing of one run is left for the next.
 */
const SERVER = `
import importlib, json, os, sys, tempfile
import pytest
from _pytest.config import default_plugins

for plugin in default_plugins:
    importlib.import_module("_pytest." + plugin)

def run(folder, arguments, output):
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.chdir(folder)
    sys.path[0] = folder
    code = int(pytest.main(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

for line in sys.stdin:
    asked = json.loads(line)
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            try:
                run(asked["folder"], asked["arguments"], output.fileno())
            finally:
                os._exit(70)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        print(json.dumps({"code": status, "output": output.read().decode("utf-8", "replace")}), flush=True)
`;

export interface PytestRun {
  readonly code: number;
  /** What it wrote to stdout and stderr. */
  readonly output: string;
}

export interface PytestServer {
  /** `python -m pytest ARGUMENTS` in that folder; one after the other. */
  run(folder: string, args: readonly string[]): Promise<PytestRun>;
  close(): Promise<void>;
}

export interface PytestServerOptions {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

export function startPytestServer({ python, env }: PytestServerOptions): PytestServer {
  const child = spawn(python, ["-c", SERVER], { env, stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(child, "close");
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();

  async function ask(folder: string, args: readonly string[]): Promise<PytestRun> {
    child.stdin.write(`${JSON.stringify({ folder, arguments: args })}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`${python} ended before it answered for ${folder}.`);
    return JSON.parse(value) as PytestRun;
  }

  return {
    run(folder, args) {
      const turn = last.then(() => ask(folder, args));
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}
