import { expect, test } from "vitest";
import { createConnectionMemory } from "../../../services/access/connection-memory.ts";

test("a header is known on the connection it came on, and as it came", () => {
  const memory = createConnectionMemory();
  const [one, other] = [{}, {}];
  memory.remember(one, "Bearer first", "hash-1");
  expect(memory.recall(one, "Bearer first")).toBe("hash-1");
  expect(memory.recall(one, "Bearer firsT")).toBeUndefined();
  expect(memory.recall(one, undefined)).toBeUndefined();
  expect(memory.recall(other, "Bearer first")).toBeUndefined();
});

test("connections may carry the same or another, and each the last it carried", () => {
  const memory = createConnectionMemory();
  const [one, other] = [{}, {}];
  memory.remember(one, "Bearer first", "hash-1");
  memory.remember(other, "Bearer first", "hash-1");
  memory.remember(one, "Bearer second", "hash-2");
  expect(memory.recall(one, "Bearer second")).toBe("hash-2");
  expect(memory.recall(one, "Bearer first")).toBeUndefined();
  expect(memory.recall(other, "Bearer first")).toBe("hash-1");
});
