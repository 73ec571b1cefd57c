import { beforeEach, describe, expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { useApplication } from "../service/application.ts";
import { ask } from "../service/ask.ts";

const redis = await useDependency("redis");
const { url, services } = await useApplication({ env: { REDIS_URL: redis.url() } });

beforeEach(async () => {
  await redis.proxy.setMode("none");
  await eventually(() => services.gate.evaluate("all", { stableMs: 0 }).verdict === "go", { deadlineMs: 15_000 });
});

describe("a held request", () => {
  test("is released when all is fit again and has been for the window", async () => {
    await redis.proxy.setMode("refuse");
    await eventually(async () => (await ask(`${url}/gate/database`)).status === 503);
    const held = ask(`${url}/gate/database?wait=20s&stable=300ms`);
    await eventually(() => services.gate.waiting() === 1);
    await redis.proxy.setMode("none");
    const answer = await held;
    expect(answer.body).toMatchObject({ suite: "database", verdict: "go" });
    console.log(answer.text, answer.status, [...answer.headers]);
    console.log((await ask(`${url}/gate`)).text, (await ask(`${url}/incidents`)).text);
  });
});
