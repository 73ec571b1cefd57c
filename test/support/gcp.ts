import { afterAll } from "vitest";
import { type FakeGcp, type GcpOptions, startGcp } from "../../src/sandbox/gcp/gcp.ts";

/**
 * Starts a fake of Google Cloud for the tests of a file (call it at the top of the file, with await), and stops it after
 * the last one.
 */
export async function useGcp(options?: GcpOptions): Promise<FakeGcp> {
  const gcp = await startGcp(options);
  afterAll(() => gcp.close());
  return gcp;
}
