/** What can be said about the auth service and the servers that may be it. */
import * as v from "valibot";
import { declaresPointer } from "./schema-context.ts";
import { observed, tlsSchema } from "./schema-dependencies.ts";
import { NAME, NAME_EXPECTED } from "./schema-targets.ts";
import { MAPPING, choice, duration, environmentName, flag, name, text, texts } from "./values.ts";

/** What identifies a server, and the test client it knows. */
function identity({ inherited }: { inherited: boolean }) {
  const or = (fallback: string) =>
    inherited ? `kind \`real\`: that of \`auth\`; else ${fallback}` : fallback;
  return {
    service: v.optional(text("The name that its status must carry.", { fallback: or("not checked") })),
    healthPath: v.optional(
      name(
        "Path of its status, below its URL.",
        /^\/[^\s?#]*$/,
        "a path that begins with `/`",
        or("`/health`"),
      ),
    ),
    oidc: v.optional(
      flag(
        "Whether it speaks OpenID Connect: discovery document and keys are then checked.",
        inherited ? or("`false`") : "`true`",
      ),
    ),
    issuer: v.optional(text("The issuer of its tokens.", { secret: true, fallback: or("its URL") })),
    endpointHosts: v.optional(
      texts(
        "Other hosts than the issuer's that its discovery document may name, such as `tokens.example.com`.",
        {
          fallback: or("none"),
        },
      ),
    ),
    clientId: v.optional(
      text("A test client, with which a token is issued, verified, tampered with and rejected.", {
        fallback: or("none"),
      }),
    ),
    clientSecret: v.optional(
      text("Its secret; in the file only as `${VARIABLE}`.", {
        secret: true,
        credential: true,
        fallback: or("none"),
      }),
    ),
    scope: v.optional(text("The scope asked for.", { fallback: or("none") })),
    audience: v.optional(
      text("The audience asked for, which the token must carry.", { fallback: or("none") }),
    ),
    checkUrl: v.optional(
      text("A path or URL that takes a bearer token.", {
        secret: true,
        fallback: or("the introspection or userinfo endpoint"),
      }),
    ),
  };
}

/** `name`, `kind` and `url` are required, and missed later, so that one fault does not hide those of others. */
const candidateSchema = v.strictObject(
  {
    name: v.optional(name("What it is called in bodies and messages.", NAME, NAME_EXPECTED)),
    kind: v.optional(
      choice("How much a pass of it proves about the real service.", ["real", "emulator", "mock"]),
    ),
    url: v.optional(text("Its base URL; redirects are never followed.", { secret: true })),
    environments: v.optional(
      v.pipe(
        v.array(environmentName("The environments it is for; none named: all."), "a list of environments"),
        v.nonEmpty("a list with at least one environment"),
      ),
    ),
    ...identity({ inherited: true }),
    tls: tlsSchema,
  },
  MAPPING,
);

const shorthand = (meaning: string) =>
  v.optional(text(`${meaning}, instead of \`candidates\`.`, { secret: true, fallback: "not configured" }));

export const authSchema = v.strictObject(
  {
    url: shorthand("Base URL of the auth service (third, candidate `configured`, kind `real`)"),
    stagingUrl: shorthand("That of a shared one (first, candidate `staging`, kind `real`)"),
    localUrl: shorthand("That of one on this machine (second, candidate `local`, kind `real`)"),
    mockUrl: shorthand("That of a mock (last, candidate `mock`, kind `mock`)"),
    candidates: v.optional(v.array(candidateSchema, "a list of candidates")),
    ...identity({ inherited: false }),
    tls: tlsSchema,
    ttl: v.optional(duration("How long a serving candidate is kept before all are probed again."), "5s"),
    declares: declaresPointer,
    maxClockSkew: v.optional(duration("The largest difference between its clock and ours."), "60s"),
    ...observed({ total: "`5s`: one discovery over all candidates" }),
  },
  MAPPING,
);

export type ParsedAuth = v.InferOutput<typeof authSchema>;
export type ParsedCandidate = v.InferOutput<typeof candidateSchema>;
