import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeGoogle, startGoogle } from "../../src/sandbox/google/google.ts";
import { googleAccess, userRule } from "../service/access.ts";
import { type Application, startApplication } from "../service/application.ts";
import { openEvents } from "../service/event-stream.ts";
import { eventually, isPendingAfter } from "../support/wait.ts";

const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
let google: FakeGoogle;
let application: Application;
beforeAll(async () => {
  google = await startGoogle();
  const rules = [userRule("ann@example.com")];
  application = await startApplication({ env, observe: false, access: googleAccess(google, { rules }) });
});
afterAll(async () => {
  await application.close();
  await google.close();
});

const open = (token: string): ReturnType<typeof openEvents> =>
  openEvents(`${application.url}/events`, { authorization: `Bearer ${token}` });

test("a stream ends with the token of its reader, and not before", async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const stream = await open(await google.mintIdToken({ exp: seconds + 3 }));
  expect(stream.response.statusCode).toBe(200);
  expect(stream.response.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    ratelimit: expect.stringMatching(/^"principal"/),
  });
  expect(await isPendingAfter(stream.ended, 1000)).toBe(true);
  await stream.ended;
  expect(Date.now()).toBeGreaterThanOrEqual((seconds + 3) * 1000 - 50);
});

test("one with a token that lives on stays open", async () => {
  const stream = await open(google.mintAccessToken());
  await eventually(() => stream.text().includes("retry:"));
  expect(await isPendingAfter(stream.ended, 300)).toBe(true);
  stream.close();
});
