import { expect, test } from "vitest";
import { createLifecycle } from "../../services/lifecycle.ts";

test("a process passes from starting to ready to draining", () => {
  const lifecycle = createLifecycle();
  expect(lifecycle.phase()).toBe("starting");
  lifecycle.enter("ready");
  expect(lifecycle.phase()).toBe("ready");
  lifecycle.enter("draining");
  expect(lifecycle.phase()).toBe("draining");
});

test("a process told to end while it starts stays draining", () => {
  const lifecycle = createLifecycle();
  lifecycle.enter("draining");
  lifecycle.enter("ready");
  expect(lifecycle.phase()).toBe("draining");
});
