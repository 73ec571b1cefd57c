import { expect, test } from "vitest";
import { connect, meanwhile } from "./client.ts";

test("while it breaks", async () => {
  const client = await connect();
  await Promise.all([client.query("SELECT pg_sleep(20)"), meanwhile("breaking")]);
});

test("after it broke", async () => {
  await (await connect()).query("SELECT 1");
});

test("that needs none", () => expect(1 + 1).toBe(2));
