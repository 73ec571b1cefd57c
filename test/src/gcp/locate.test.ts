import { afterEach, expect, test, vi } from "vitest";
import { locate } from "../../../src/gcp/locate.ts";
import { startGoogle } from "../../support/google.ts";
import { startHttp } from "../../support/listeners.ts";

afterEach(() => vi.unstubAllEnvs());
const { signal } = new AbortController();

test("asks the metadata server for what is not configured", async () => {
  const { port } = await startGoogle(() => ({ json: {} }));
  const env = { GCE_METADATA_HOST: `127.0.0.1:${port}` };
  await expect(locate({}, { env, signal })).resolves.toEqual({ project: "acme-stg", region: "us-central1" });
  await expect(locate({ project: "own" }, { env, signal })).resolves.toEqual({
    project: "own",
    region: "us-central1",
  });
});

test("asks nobody when all is known, off Google Cloud, or when it may not", async () => {
  let asked = 0;
  const { port } = await startHttp((_request, response) => {
    asked += 1;
    response.end();
  });
  const env = { GCE_METADATA_HOST: `127.0.0.1:${port}` };
  const all = { project: "p", region: "r", service: "s" };
  await expect(locate(all, { env, signal })).resolves.toEqual(all);
  await expect(locate({}, { env: {}, signal })).resolves.toEqual({});
  await expect(locate({}, { env: { ...env, METADATA_SERVER_DETECTION: "none" }, signal })).resolves.toEqual(
    {},
  );
  expect(asked).toBe(0);
});

test("believes nobody who is no metadata server", async () => {
  const { port } = await startHttp((_request, response) => response.end("evil"));
  await expect(locate({}, { env: { GCE_METADATA_HOST: `127.0.0.1:${port}` }, signal })).resolves.toEqual({});
});
