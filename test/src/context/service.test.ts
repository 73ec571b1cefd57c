import { expect, test } from "vitest";
import { createContextService } from "../../../src/context/service.ts";
import { configOf } from "../../config/load.ts";
import { startHttp } from "../../support/listeners.ts";

test("a server that declares its environment is asked once in ten seconds, however many want to know", async () => {
  let asked = 0;
  let says = "staging";
  const { port } = await startHttp((_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ environment: says }));
  });
  const text = `dependencies: { http: [{ name: api, url: "http://127.0.0.1:${port}", declares: /environment }] }`;
  const { config } = await configOf(text);
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  const service = createContextService({ config, clock, env: {} });
  expect(asked, "nothing is asked before somebody wants to know").toBe(0);
  const all = await Promise.all([service.current(), service.current(), service.current()]);
  expect(all.map(({ environment }) => environment)).toEqual(["staging", "staging", "staging"]);
  now = 10_000;
  says = "production";
  expect((await service.current()).environment).toBe("staging");
  expect(asked).toBe(1);
  now = 10_001;
  expect(await service.current()).toMatchObject({ environment: "production", mayWrite: false });
  expect(asked).toBe(2);
  service.close();
});

test("what is under way when the service ends is ended, and not kept", async () => {
  const { port, sockets } = await startHttp(() => undefined);
  const text = `dependencies: { http: [{ name: api, url: "http://127.0.0.1:${port}", declares: /environment, deadlines: { query: 30s, total: 60s } }] }`;
  const { config } = await configOf(text);
  const clock = { now: () => 0, monotonic: () => 0 };
  const service = createContextService({ config, clock, env: {} });
  const asked = service.current();
  await expect.poll(() => sockets.size).toBe(1);
  service.close();
  await expect(asked).rejects.toThrow("the service ends");
  await expect.poll(() => sockets.size).toBe(0);
  await expect(service.current()).rejects.toThrow("the service ends");
});
