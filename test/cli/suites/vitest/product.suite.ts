import { expect, test } from "vitest";
import { connect } from "./client.ts";

test("a bug of the product", async () => {
  const { rows } = await (await connect()).query("SELECT 1 AS one");
  expect(rows).toEqual([{ one: 2 }]);
});
