import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";

/** The version of the docker client of this machine; nothing where there is none. */
export function dockerVersion(client = "docker"): string | undefined {
  const { status, stdout } = spawnSync(client, ["--version"], { encoding: "utf8" });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}

export interface DockerClient {
  /** What `docker create --env-file` would give a container: its client reads the file, and sends what it has read. */
  readonly read: (text: string | Uint8Array) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

/** The real client, before a server on a socket of its own that takes what an engine would be sent. */
export async function openDockerClient(
  variables: Readonly<Record<string, string>>,
  client = "docker",
): Promise<DockerClient> {
  const folder = await mkdtemp(join(tmpdir(), "docker-client-"));
  const socket = join(folder, "engine.sock");
  const asked = new Map<string, readonly string[]>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://engine");
      response.setHeader("Api-Version", "1.41").setHeader("Content-Type", "application/json");
      if (!url.pathname.endsWith("/containers/create")) return response.end("OK");
      const { Image, Env } = JSON.parse(body) as { Image: string; Env: readonly string[] | null };
      asked.set(Image, Env ?? []);
      return response.writeHead(201).end(JSON.stringify({ Id: Image, Warnings: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  let count = 0;
  return {
    read: async (text) => {
      const image = `image-${++count}`;
      const file = join(folder, `${image}.env`);
      await writeFile(file, text);
      const said = await create(client, { socket, file, image, env: { ...variables, HOME: folder } });
      const env = asked.get(image);
      return env === undefined ? { refused: said.replaceAll(file, "FILE") } : { values: pairsOf(env) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

interface Creation {
  readonly socket: string;
  readonly file: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the client said on standard error. */
function create(client: string, { socket, file, image, env }: Creation): Promise<string> {
  const host = ["--host", `unix://${socket}`];
  const argv = [...host, "create", "--pull", "never", "--env-file", file, image];
  return new Promise((resolve) => {
    execFile(
      client,
      argv,
      { env: { PATH: process.env["PATH"], ...env }, timeout: 20_000 },
      (_error, _out, said) => resolve(said.trim()),
    );
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Of two with one key the engine takes the last. */
function pairsOf(env: readonly string[]): [string, string][] {
  const values = new Map(env.map((line) => splitOnce(line)));
  return [...values].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function splitOnce(line: string): [string, string] {
  const equals = line.indexOf("=");
  return [line.slice(0, equals), line.slice(equals + 1)];
}
