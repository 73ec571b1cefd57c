// `npm run sandbox`: a real environment and the service on it, until Ctrl-C.
import { randomBytes } from "node:crypto";
import { readArguments, type Request, usage } from "./arguments.ts";
import { dependencyNames } from "./dependency.ts";
import { type Environment, startEnvironment } from "./environment.ts";
import { SandboxError } from "./errors.ts";
import { type RunningScenario, startScenario } from "./gcp/scenario.ts";
import { describeReach, describeScenario, scenarioAsJson } from "./gcp/scenario-text.ts";
import { freePort, isFree } from "./ports.ts";
import { type Service, startService } from "./service.ts";
import { describeForPeople, describeForPrograms } from "./welcome.ts";

const exitCodes: Partial<Record<SandboxError["code"], number>> = {
  USAGE: 64,
  PORT_TAKEN: 69,
  BINARY_MISSING: 69,
  ABORTED: 0,
};
const exitInternal = 70;
const exitForced = 130;
const serviceGraceMs = 10_000;

const stopping = new AbortController();
let environment: Environment | undefined;
let service: Service | undefined;
let scenario: RunningScenario | undefined;
// Whatever ends this process, an error included, the children go. After a clean stop there is nothing left to do.
process.on("exit", () => {
  scenario?.destroy();
  environment?.destroy();
  service?.destroy();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) {
      process.exit(exitForced);
    }
    stopping.abort();
  });
}

try {
  const request = readArguments(process.argv.slice(2));
  if (request.kind === "help") {
    process.stdout.write(usage);
  } else if (request.kind === "scenario") {
    await runScenario(request, stopping.signal);
  } else {
    await run(request, stopping.signal);
  }
} catch (error) {
  process.exitCode = report(error);
}

async function run(request: Extract<Request, { kind: "run" }>, signal: AbortSignal): Promise<void> {
  await checkPort(request.port);
  const { json, strict } = request;
  const token = request.open ? undefined : randomBytes(24).toString("base64url");
  say("Starting databases, auth service and WebSocket echo ...");
  environment = await startEnvironment({ signal, dependencies: dependencyNames });
  try {
    say("Starting the service ...");
    const port = request.port === 0 ? await freePort() : request.port;
    service = await startService({ environment, port, token, strict, signal });
    const running = { environment, url: service.url, token, strict };
    if (request.verbose) {
      service.process.child.stdout?.pipe(process.stderr);
      service.process.child.stderr?.pipe(process.stderr);
    }
    process.stdout.write(json ? `${describeForPrograms(running)}\n` : describeForPeople(running));
    await untilStopped(service, signal);
    say("Stopping ...");
  } finally {
    await service?.process.stop({ graceMs: serviceGraceMs });
    await environment.close();
  }
}

async function runScenario(
  { name, json }: Extract<Request, { kind: "scenario" }>,
  signal: AbortSignal,
): Promise<void> {
  say("Starting Postgres and the fake of Google Cloud ...");
  scenario = await startScenario(name, { signal });
  try {
    process.stdout.write(json ? `${scenarioAsJson(scenario)}\n` : describeScenario(scenario));
    scenario.onReach((found) => say(describeReach(found)));
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve());
    if (!signal.aborted) await asked;
    say("Stopping ...");
  } finally {
    await scenario.close();
    scenario = undefined;
  }
}

/** Throws `PORT_TAKEN`, before anything is started in vain. */
async function checkPort(wanted: number): Promise<void> {
  if (wanted !== 0 && !(await isFree(wanted))) {
    const text = `Port ${wanted} of 127.0.0.1 is taken. Run: npm run sandbox -- --port 0`;
    throw new SandboxError("PORT_TAKEN", text);
  }
}

/** Waits for Ctrl-C. Throws `START_FAILED` when the service ends by itself. */
async function untilStopped(service: Service, signal: AbortSignal): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  if (!signal.aborted) {
    await Promise.race([asked, service.process.exited]);
  }
  if (!signal.aborted) {
    const last = service.process.logs().trim().split("\n").slice(-15).join("\n");
    throw new SandboxError("START_FAILED", `The service has ended by itself:\n${last}`);
  }
}

function report(error: unknown): number {
  if (!(error instanceof SandboxError)) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return exitInternal;
  }
  if (error.code !== "ABORTED") {
    say(error.code === "USAGE" ? `${error.message}\n\n${usage}` : error.message);
  }
  return exitCodes[error.code] ?? exitInternal;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
