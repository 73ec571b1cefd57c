// @ts-check
import { record } from "./untrusted.js";

/**
 * What strangers may know, where the service says it to them: the status and nothing else. It is no verdict on a suite.
 *
 * @param {{ readonly get: (path: string, signal: AbortSignal) => Promise<import("./types.ts").Answer> }} api
 */
export async function bareStatus({ get }) {
  const answer = await get("/health", new AbortController().signal);
  const status = answer.ok ? record(answer.body).status : undefined;
  if (typeof status !== "string") return "";
  return `Without a token: the environment's status is ${status}, at ${new Date().toLocaleTimeString()}.`;
}
