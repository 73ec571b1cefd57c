import { apiError, ApiError, serviceDisabled, unauthenticated } from "./api-error.ts";
import { type Api, type Call, readBody, type Route, type Scene } from "./call.ts";
import type { Doc } from "./json.ts";
import type { Tokens } from "./tokens.ts";
import { projectOf } from "./world.ts";

/** A request as it came. */
export interface Incoming {
  readonly api: string;
  readonly method: string;
  /** After the API's prefix, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Doc;
  /** The e-mail of whoever asked. */
  readonly caller?: string;
}

/** Answers in the order in which Google does: who asks, whether the API is on, what is asked, whether it may be. */
export function createDispatch(options: {
  apis: readonly Api[];
  scene: Scene;
  tokens: Tokens;
}): (incoming: Incoming) => Answer {
  const { scene, tokens } = options;
  const apis = new Map(options.apis.map((api) => [api.name, { api, routes: api.routes.map(compile) }]));

  function answer(incoming: Incoming, email: string | undefined): Doc {
    const known = apis.get(incoming.api);
    if (known === undefined) throw apiError("NOT_FOUND", `No API at /${incoming.api}.`);
    const account = email === undefined ? undefined : scene.world.accounts.get(email);
    if (email === undefined || account?.disabled === true) throw unauthenticated();
    const matched = match(known.routes, incoming);
    const consumer = matched.params.p ?? "-";
    checkEnabled(known.api, scene, consumer === "-" ? (account?.project ?? "") : consumer, account?.project);
    const call: Call = {
      scene,
      caller: `serviceAccount:${email}`,
      param: (name) => matched.params[name] ?? "",
      query: incoming.query,
      body: readBody(incoming.body),
    };
    return matched.route.handle(call);
  }

  return (incoming) => {
    const token = /^Bearer +(\S+)$/i.exec(incoming.authorization ?? "")?.[1];
    const email = token === undefined ? undefined : tokens.emailOf(token);
    const by = email === undefined ? {} : { caller: email };
    try {
      return { status: 200, body: answer(incoming, email), ...by };
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body, ...by };
      throw error;
    }
  };
}

/** The project that is asked about must have the API on; where none is named, the caller's own. */
function checkEnabled(api: Api, { world }: Scene, named: string, own: string | undefined): void {
  const project = projectOf(world, named) ?? projectOf(world, own ?? "");
  if (project !== undefined && !project.enabled.has(api.host)) {
    throw serviceDisabled(api.host, api.title, project.number);
  }
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function compile(route: Route): Compiled {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const source = route.path.replaceAll(/[.:]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, "([^/:]+)");
  return { route, pattern: new RegExp(`^${source}$`), names };
}

function match(
  routes: readonly Compiled[],
  { method, path }: Incoming,
): { route: Route; params: Record<string, string> } {
  const plain = path.replaceAll(/%3A/gi, ":");
  for (const { route, pattern, names } of routes) {
    const found = route.method === method ? pattern.exec(plain) : null;
    if (found !== null) {
      const entries = names.map((name, index) => [name, decode(found[index + 1] ?? "")] as const);
      return { route, params: Object.fromEntries(entries) };
    }
  }
  throw apiError("NOT_FOUND", `The requested URL ${path} was not found on this server for ${method}.`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw apiError("INVALID_ARGUMENT", "The path is not encoded well.");
  }
}
