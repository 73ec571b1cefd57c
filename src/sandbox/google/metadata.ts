// The metadata server of Compute Engine and Cloud Run.
import type { AccessTokens } from "./access-tokens.ts";
import { lifetimeSeconds } from "./access-tokens.ts";
import type { IdTokens } from "./id-tokens.ts";
import { cloudScope, emailScope, project, serviceAccount } from "./identities.ts";
import type { Answerer, Reply } from "./part.ts";

const root = "/computeMetadata/v1/";
const flavor = { "metadata-flavor": "Google", server: "Metadata Server for VM" };
const account = "instance/service-accounts/";
const accountNames = new Set(["default", serviceAccount.email]);

/** Answers as the metadata server does: only to requests that say they mean it, and never to forwarded ones. */
export function answerMetadata(accessTokens: AccessTokens, idTokens: IdTokens): Answerer {
  return async (request, url) => {
    const { headers } = request;
    const meant = headers["metadata-flavor"]?.toString().toLowerCase() === "google";
    const reply =
      !meant || headers["x-forwarded-for"] !== undefined
        ? { status: 403, body: "Missing Metadata-Flavor:Google header." }
        : await tell(url, accessTokens, idTokens);
    return { ...reply, headers: { ...flavor, ...reply.headers } };
  };
}

function tell(url: URL, accessTokens: AccessTokens, idTokens: IdTokens): Reply | Promise<Reply> {
  const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : undefined;
  const known = path === undefined ? undefined : values[path];
  if (known !== undefined) {
    return text(known);
  }
  const [name = "", what = ""] = path?.startsWith(account) ? path.slice(account.length).split("/") : [];
  if (path === account && url.searchParams.get("recursive") === "true") {
    return { status: 200, body: { default: described, [serviceAccount.email]: described } };
  }
  if (!accountNames.has(name)) {
    return notFound;
  }
  switch (what) {
    case "":
      return url.searchParams.get("recursive") === "true"
        ? { status: 200, body: described }
        : text("aliases\nemail\nidentity\nscopes\ntoken\n");
    case "email":
      return text(serviceAccount.email);
    case "scopes":
      return text(`${described.scopes.join("\n")}\n`);
    case "token":
      return accessToken(url, accessTokens);
    case "identity":
      return identity(url, idTokens);
    default:
      return notFound;
  }
}

const described = {
  aliases: ["default"],
  email: serviceAccount.email,
  scopes: ["openid", emailScope, cloudScope],
};

const values: Readonly<Record<string, string>> = {
  "": "instance/\nproject/\n",
  instance: "region\nservice-accounts/\n",
  "instance/region": `projects/${project.number}/regions/${project.region}`,
  "project/project-id": project.id,
  "project/numeric-project-id": project.number,
};

const notFound: Reply = { status: 404, body: "The requested URL was not found on this server." };

function text(body: string): Reply {
  return { status: 200, body, headers: { "content-type": "application/text" } };
}

function accessToken(url: URL, accessTokens: AccessTokens): Reply {
  const { email, uniqueId } = serviceAccount;
  const scope = url.searchParams.get("scopes")?.replaceAll(",", " ") ?? described.scopes.join(" ");
  const access_token = accessTokens.mint({
    email,
    sub: uniqueId,
    azp: uniqueId,
    scope,
    accessType: "online",
  });
  return { status: 200, body: { access_token, expires_in: lifetimeSeconds, token_type: "Bearer" } };
}

async function identity(url: URL, idTokens: IdTokens): Promise<Reply> {
  const aud = url.searchParams.get("audience") ?? "";
  if (aud === "") {
    return { status: 400, body: "non-empty audience parameter required" };
  }
  const { email, uniqueId } = serviceAccount;
  const full = url.searchParams.get("format") === "full";
  const about = full ? { email, email_verified: true } : { email: undefined, email_verified: undefined };
  return text(await idTokens.mint({ aud, azp: uniqueId, sub: uniqueId, ...about }));
}
