import { expect, test } from "vitest";
import { connect } from "./client.ts";

test("postgres answers", async () => {
  const { rows } = await (await connect()).query("SELECT 1 AS one");
  expect(rows).toEqual([{ one: 1 }]);
});

test("arithmetic holds", () => expect(1 + 1).toBe(2));
