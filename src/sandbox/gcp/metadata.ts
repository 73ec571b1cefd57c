import { type Part, type Reply, startPart } from "../google/part.ts";
import type { Tokens } from "./tokens.ts";
import type { Project, World } from "./world.ts";

const flavor = { "metadata-flavor": "Google", server: "Metadata Server for Cloud Run" };
const root = "/computeMetadata/v1/";
const accounts = "instance/service-accounts/";
const lifetimeSeconds = 3599;
const notFound: Reply = { status: 404, body: "The requested URL was not found on this server." };

/** Who the metadata server speaks for. */
export interface Instance {
  readonly project: Project;
  readonly region: string;
  /** The account called `default`; it may change. */
  readonly account: () => string;
}

/** The metadata server of one Cloud Run instance; it makes tokens for any account of the world that is named. */
export function startMetadata(instance: Instance, world: World, tokens: Tokens): Promise<Part> {
  return startPart((request, url) => {
    const { headers } = request;
    const meant = headers["metadata-flavor"]?.toString().toLowerCase() === "google";
    const reply =
      !meant || headers["x-forwarded-for"] !== undefined
        ? { status: 403, body: "Missing Metadata-Flavor:Google header." }
        : tell(url, instance, world, tokens);
    return { ...reply, headers: { ...flavor, ...reply.headers } };
  });
}

function tell(url: URL, { project, region, account }: Instance, world: World, tokens: Tokens): Reply {
  if (url.pathname === "/") return plain("computeMetadata/\n");
  if (!url.pathname.startsWith(root)) return notFound;
  const path = url.pathname.slice(root.length);
  const values: Record<string, string> = {
    "": "instance/\nproject/\n",
    instance: "id\nregion\nservice-accounts/\n",
    "instance/id": "0069c7a988f8",
    "instance/region": `projects/${project.number}/regions/${region}`,
    "project/project-id": project.id,
    "project/numeric-project-id": project.number,
  };
  const value = values[path];
  if (value !== undefined) return plain(value);
  if (!path.startsWith(accounts)) return notFound;
  const [name = "", what = ""] = path.slice(accounts.length).split("/");
  const email = name === "default" ? account() : decodeURIComponent(name);
  const known = world.accounts.get(email);
  const scopes = ["https://www.googleapis.com/auth/cloud-platform"];
  if (name === "" && url.searchParams.get("recursive") === "true") {
    const described = { aliases: ["default"], email: account(), scopes };
    return { status: 200, body: { default: described, [account()]: described } };
  }
  if (known === undefined) return notFound;
  if (what === "email") return plain(email);
  if (what === "scopes") return plain(`${scopes.join("\n")}\n`);
  if (what === "" && url.searchParams.get("recursive") === "true") {
    return { status: 200, body: { aliases: ["default"], email, scopes } };
  }
  if (what !== "token") return notFound;
  const access_token = tokens.mint(email, lifetimeSeconds * 1000);
  return { status: 200, body: { access_token, expires_in: lifetimeSeconds, token_type: "Bearer" } };
}

function plain(body: string): Reply {
  return { status: 200, body, headers: { "content-type": "application/text" } };
}
