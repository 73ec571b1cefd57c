import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

const client = new Client({ connectionString: process.env["DATABASE_URL"] });
// Without a listener, a connection that is lost would end the process and take the report with it.
client.on("error", () => undefined);
beforeAll(() => client.connect());
afterAll(() => client.end());

test("the database answers", async () => {
  const { rows } = await client.query<{ one: number }>("SELECT 1 AS one");
  expect(rows).toEqual([{ one: 1 }]);
});

test("what is written in a transaction can be read in it", async () => {
  await client.query("BEGIN");
  await client.query("CREATE TEMPORARY TABLE orders (id int) ON COMMIT DROP");
  await client.query("INSERT INTO orders VALUES (1), (2)");
  const { rows } = await client.query<{ count: number }>("SELECT count(*)::int AS count FROM orders");
  await client.query("COMMIT");
  expect(rows).toEqual([{ count: 2 }]);
});
