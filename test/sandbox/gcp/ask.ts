import type { FakeGcp } from "../../../src/sandbox/gcp/gcp.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { asText, type Doc, docOf } from "../../../src/sandbox/gcp/json.ts";
import { eventually } from "../../support/wait.ts";

export interface Told {
  readonly status: number;
  readonly body: Doc;
}

/** Asks the fake as an account; `/run/v2/…`. */
export function asker(gcp: FakeGcp, email: string = acme.remediator) {
  const token = gcp.token(email);
  return async (method: string, path: string, body?: unknown): Promise<Told> => {
    const response = await fetch(`${gcp.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: docOf(await response.json()) };
  };
}

/** Polls an operation of either shape to its end. */
export async function ended(gcp: FakeGcp, api: string, started: Told, project = acme.project): Promise<Doc> {
  const ask = asker(gcp);
  const name = asText(started.body.name);
  const version = api === "run" ? "v2" : "v1";
  const path =
    api === "sqladmin" ? `/${api}/v1/projects/${project}/operations/${name}` : `/${api}/${version}/${name}`;
  return eventually(async () => {
    const { body } = await ask("GET", path);
    if (body.done !== true && body.status !== "DONE") throw new Error(`${name} has not ended.`);
    return body;
  });
}
