import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { BenchError } from "../../errors.ts";
import type { Lab } from "../../lab.ts";
import { compileCache } from "../../servers.ts";
import { ratios, rotate, type Spread, spread } from "../../statistics.ts";

/** How long a command takes from its spawn to its end. */
export interface CommandTime {
  readonly name: string;
  readonly does: string;
  readonly ms: Spread;
  /** Over `wait-on` in the same round. */
  readonly toWaitOn: Spread;
  /** Less `node -e 0` in the same round, in ms. */
  readonly overNode: Spread;
}

export const waitOnName = "wait-on";
export const waitName = "greenlight wait";
export const runName = "greenlight run -- true";
const nodeName = "node -e 0";

interface Timed {
  readonly name: string;
  readonly does: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const bin = createRequire(new URL("../../package.json", import.meta.url));
const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

/** Runs each command in turn, round after round, on three healthy dependencies. */
export async function measureCommands(lab: Lab): Promise<readonly CommandTime[]> {
  const { settings, say } = lab;
  const web = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  await new Promise<void>((resolve) => void web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as { port: number };
  const commands = commandsFor(lab, `http://127.0.0.1:${port}`);
  const taken = new Map(commands.map(({ name }) => [name, new Map<number, number>()]));
  // One round more: the first reads the files from the disk.
  for (let round = 0; round <= settings.starts; round += 1) {
    say(`Commands: round ${round} of ${settings.starts}`);
    for (const command of rotate(commands, round)) {
      const ms = await time(command, lab.signal);
      if (round > 0) taken.get(command.name)?.set(round, ms);
    }
  }
  web.close();
  const of = (name: string): ReadonlyMap<number, number> => taken.get(name) ?? new Map();
  return commands.map(({ name, does }) => ({
    name,
    does,
    ms: spread([...of(name).values()]),
    toWaitOn: spread(ratios(of(name), of(waitOnName))),
    overNode: spread([...of(name)].map(([round, ms]) => ms - (of(nodeName).get(round) ?? Number.NaN))),
  }));
}

function commandsFor({ environment }: Lab, web: string): readonly Timed[] {
  const all = [...environment.dependencies.values()];
  const ports = all.map(({ server }) => new URL(server.url()).port);
  const urls = all.map(({ server }) => server.url());
  const [database = "", clickhouse = "", redis = ""] = ["postgres", "clickhouse", "redis"].map(
    (name) => all.find((each) => each.name === name)?.server.url() ?? "",
  );
  return [
    { name: nodeName, does: "starts Node and ends", args: ["-e", "0"] },
    {
      name: waitOnName,
      does: "three TCP ports, a connection each",
      args: [bin.resolve("wait-on/bin/wait-on"), ...ports.map((port) => `tcp:127.0.0.1:${port}`)],
    },
    {
      name: waitName,
      does: "Postgres, ClickHouse and Redis: login and query each, no stability window",
      args: [cli, "wait", "--stable", "0s", ...urls],
      env: compileCache,
    },
    {
      name: "greenlight wait, TCP alone",
      does: "the same three ports, a connection each, no stability window",
      args: [cli, "wait", "--stable", "0s", ...ports.map((port) => `tcp://127.0.0.1:${port}`)],
      env: compileCache,
    },
    {
      name: runName,
      does: "the three dependencies, then `true`, watched; no stability window",
      args: [cli, "run", "--stable", "0s", "--", "true"],
      env: { ...compileCache, DATABASE_URL: database, CLICKHOUSE_URL: clickhouse, REDIS_URL: redis },
    },
    {
      name: "start-server-and-test",
      does: "a URL that answers already, then `true`",
      args: [bin.resolve("start-server-and-test/src/bin/start.js"), "sleep 60", web, "true"],
    },
  ];
}

/** Milliseconds from spawn to end. Throws `BenchError` unless it ends with 0. */
function time({ name, args, env = {} }: Timed, signal: AbortSignal): Promise<number> {
  const { PATH = "", HOME = "" } = process.env;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, LANG: "C.UTF-8", ...env },
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  child.once("error", reject);
  child.once("exit", (code) => {
    const ms = performance.now() - from;
    if (code === 0) resolve(ms);
    else reject(new BenchError(`${name} ended with ${code}:\n${output.trim()}`));
  });
  return promise;
}
