import { expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { openClient } from "../support/sockets.ts";

const environment = await useEnvironment({ dependencies: ["redis", "auth"] });

async function post(
  path: string,
  body?: unknown,
): Promise<{ status: number; type: string | null; body: unknown }> {
  const response = await fetch(`${environment.control}${path}`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
}

test("the state shows process, mode and address of each dependency", async () => {
  const response = await fetch(environment.control);
  const redis = environment.dependencies.get("redis");
  expect(await response.json()).toMatchObject({
    auth: { running: true, mode: "none" },
    redis: {
      running: true,
      pid: redis?.server.pid,
      mode: "none",
      listening: true,
      connections: 0,
      url: redis?.url(),
    },
  });
});

test("a fault is set and taken back", async () => {
  expect(await post("/faults/redis", { mode: "refuse" })).toMatchObject({
    status: 200,
    body: { mode: "refuse", listening: false },
  });
  expect(await post("/faults/redis", { mode: "none" })).toMatchObject({
    body: { mode: "none", listening: true },
  });
});

test("a fault of the server itself is set in the same way, and does not outlive a restart", async () => {
  const url = environment.dependencies.get("auth")?.url();
  const status = async () => ((await (await fetch(`${url}/health`)).json()) as { status: string }).status;
  expect(await post("/faults/auth", { mode: "degraded" })).toMatchObject({ body: { mode: "degraded" } });
  expect(await status()).toBe("degraded");
  expect(await post("/faults/auth", { mode: "none" })).toMatchObject({ body: { mode: "none" } });
  expect(await status()).toBe("ok");
  await post("/faults/auth", { mode: "degraded" });
  expect(await post("/restart/auth")).toMatchObject({ body: { mode: "none" } });
});

test("a server that is down takes no mode of its own, and gives up the one it had", async () => {
  await post("/faults/auth", { mode: "down" });
  await post("/signal/auth", { signal: "SIGKILL" });
  expect(await post("/faults/auth", { mode: "degraded" })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("auth is not running") },
  });
  expect(await post("/faults/auth", { mode: "none" })).toMatchObject({ status: 200, body: { mode: "none" } });
  await post("/restart/auth");
});

test("after SIGKILL the port is refused, a second one is a conflict, and a restart brings it back", async () => {
  const port = environment.dependencies.get("redis")?.proxy.port ?? 0;
  expect(await post("/signal/redis", { signal: "SIGKILL" })).toMatchObject({
    status: 200,
    body: { running: false, pid: null, listening: false },
  });
  await expect(openClient(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(await post("/signal/redis", { signal: "SIGKILL" })).toMatchObject({ status: 409 });
  expect(await post("/restart/redis")).toMatchObject({
    status: 200,
    body: { running: true, listening: true },
  });
  (await openClient(port)).socket.destroy();
});

test("SIGSTOP and SIGCONT are passed on, and two restarts at once both succeed", async () => {
  expect(await post("/signal/redis", { signal: "SIGSTOP" })).toMatchObject({ status: 200 });
  expect(await post("/signal/redis", { signal: "SIGCONT" })).toMatchObject({ status: 200 });
  const answers = await Promise.all([post("/restart/redis"), post("/restart/redis")]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test.each([
  ["/faults/redis", { mode: "nope" }, 400, "Expected mode to be one of none, refuse, blackhole"],
  ["/faults/redis", { mode: "wrong-issuer" }, 400, 'found "wrong-issuer".'],
  ["/faults/auth", { mode: "nope" }, 400, "garbage, wrong-issuer, foreign-endpoint"],
  [
    "/faults/redis",
    { mode: "latency", ms: -1 },
    400,
    "Expected ms to be a whole number from 1 to 600000; found -1.",
  ],
  ["/faults/redis", [], 400, "Expected the body to be a JSON object; found []."],
  ["/faults/redis", undefined, 400, "Expected the body to be a JSON object; found nothing."],
  ["/signal/redis", { signal: "SIGHUP" }, 400, 'one of SIGSTOP, SIGCONT, SIGKILL; found "SIGHUP".'],
  ["/faults/mysql", { mode: "none" }, 404, 'Expected a dependency (redis, auth); found "mysql".'],
  ["/nope", {}, 404, "Expected one of GET /, POST /faults/{dependency}"],
])(
  "POST %s with %j is answered with a problem that says what was expected",
  async (path, body, status, detail) => {
    const answer = await post(path, body);
    expect(answer).toMatchObject({ status, body: { status, detail: expect.stringContaining(detail) } });
    expect(answer.type).toMatch(/^application\/problem\+json/);
  },
);

test("a page in a browser may not control the sandbox", async () => {
  const response = await fetch(environment.control, { headers: { origin: "https://example.com" } });
  expect(response.status).toBe(403);
});
