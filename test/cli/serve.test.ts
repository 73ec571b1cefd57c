import { once } from "node:events";
import { expect, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { eventually } from "../support/wait.ts";
import { runCli, spawnCli } from "./run-cli.ts";

test("serves on the port that is asked for, lives without its dependencies, and ends with 0 when told to", async () => {
  const port = String(await freePort());
  const child = spawnCli(["serve", "--port", port], { env: { REDIS_URL: "redis://127.0.0.1:1" } });
  child.stdout.resume();
  try {
    await eventually(async () => {
      expect(await runCli(["healthcheck"], { env: { PORT: port } })).toMatchObject({ code: 0 });
    });
    const why = await runCli(["why", "redis"], { env: { GREENLIGHT_URL: `http://127.0.0.1:${port}` } });
    expect(why).toMatchObject({ code: 0, stderr: "" });
    expect(why.stdout).toContain("CONNECT_REFUSED");
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(0);
});

test("faults of the configuration: 78", async () => {
  const { code, stderr } = await runCli(["serve"], { env: { DATABASE_URL: "nonsense" } });
  expect(code).toBe(78);
  expect(stderr).toContain("DATABASE_URL");
});
