import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { vi } from "vitest";
import { systemClock } from "../../services/clock.ts";
import type { GcpAnswer, GcpRequest, GcpTransport } from "../../services/gcp/transport.ts";
import { type Gcp, openGcp } from "../../src/gcp/open-gcp.ts";
import { startHttp } from "./listeners.ts";

/** Looks like none that the redactor knows by shape. */
export const TOKEN_CANARY = "canary-of-the-reader-7d41";
export const REMEDIATOR_CANARY = "canary-of-the-remediator-93be";
export const REMEDIATOR = "remediator@acme-stg.iam.gserviceaccount.com";

export interface Asked {
  readonly method: string;
  /** With the prefix of the API: `/run/v2/…`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/** What to answer; undefined: an answer that never comes. */
export type Answer = (
  asked: Asked,
  response: ServerResponse,
) => { readonly status?: number; readonly json?: unknown; readonly text?: string } | undefined | "handled";

/** A server of Google's APIs and metadata on loopback, and what reads and writes through it. */
export async function startGoogle(
  answer: Answer,
  limits: { timeoutMs?: number; tries?: number; backoffMs?: number } = {},
): Promise<Gcp & { readonly asked: readonly Asked[]; readonly port: number }> {
  const asked: Asked[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await text(request);
    if (url.pathname.startsWith("/computeMetadata/")) {
      answerMetadata(url, response);
      return;
    }
    const one: Asked = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      body: body === "" ? undefined : JSON.parse(body),
      authorization: request.headers.authorization,
    };
    asked.push(one);
    const said = answer(one, response);
    if (said === undefined || said === "handled") return;
    const { status = 200, json, text: page } = said;
    response.writeHead(status, { "content-type": page === undefined ? "application/json" : "text/html" });
    response.end(page ?? JSON.stringify(json ?? {}));
  };
  const { port } = await startHttp((request, response) => void serve(request, response));
  useMetadata(port);
  const options = { endpoints: { all: `http://127.0.0.1:${port}` }, remediator: REMEDIATOR };
  return { ...openGcp(options, { clock: systemClock, backoffMs: 1, ...limits }), asked, port };
}

/** The library reads these when it is first asked; afterwards they are as before. */
export function useMetadata(port: number): void {
  vi.stubEnv("GCE_METADATA_HOST", `127.0.0.1:${port}`);
  vi.stubEnv("METADATA_SERVER_DETECTION", "assume-present");
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  vi.stubEnv("HOME", "/nonexistent");
  vi.stubEnv("CLOUDSDK_CONFIG", "/nonexistent");
}

function answerMetadata({ pathname }: URL, response: ServerResponse): void {
  response.setHeader("metadata-flavor", "Google");
  const path = pathname.replace("/computeMetadata/v1/", "");
  if (path === "instance/service-accounts/default/token") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: TOKEN_CANARY, expires_in: 3599, token_type: "Bearer" }));
  } else if (path === "project/project-id") response.end("acme-stg");
  else if (path === "instance/region") response.end("projects/123/regions/us-central1");
  else response.writeHead(404).end();
}

/** A transport without sockets, for what only reads answers; it keeps what it was asked. */
export function scripted(
  answer: (request: GcpRequest) => GcpAnswer | { readonly json: unknown },
): GcpTransport & { readonly asked: readonly GcpRequest[] } {
  const asked: GcpRequest[] = [];
  return {
    asked,
    request: async (request) => {
      request.signal.throwIfAborted();
      asked.push(request);
      const said = answer(request);
      return Promise.resolve("json" in said ? { kind: "ok", body: said.json } : said);
    },
  };
}
