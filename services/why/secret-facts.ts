import { getIamPolicy } from "../gcp/iam-policy.ts";
import { lastPart, partAfter } from "../gcp/fields.ts";
import { getSecretVersion } from "../gcp/secret-manager.ts";
import type { GcpTransport, Known } from "../gcp/transport.ts";
import type { CloudFacts, SecretFact } from "./cloud.ts";
import { unique } from "./part.ts";

export interface ReadSecretsOptions {
  readonly facts: CloudFacts;
  readonly gcp: GcpTransport;
  readonly fact: <T>(ask: (signal: AbortSignal) => Promise<Known<T>>) => Promise<Known<T>>;
}

/** A service may have many, and nobody waits for all of them. */
const ASKED = 10;

/** Of the secrets that the service's variables refer to: whether they exist, and who may read them. Never a value. */
export async function readSecrets({ facts, gcp, fact }: ReadSecretsOptions): Promise<readonly SecretFact[]> {
  if (facts.run?.kind !== "known") return [];
  const references = unique(
    facts.run.value.template.containers.flatMap(({ env }) =>
      env.flatMap((each) =>
        each.kind === "secret"
          ? [
              {
                project: partAfter(each.secret, "projects") ?? facts.target.project,
                secret: lastPart(each.secret),
                version: each.version,
              },
            ]
          : [],
      ),
    ),
  );
  return Promise.all(
    references.slice(0, ASKED).map(async ({ project, secret, version }): Promise<SecretFact> => {
      const [known, policy] = await Promise.all([
        fact((signal) => getSecretVersion(gcp, { project, secret, version, signal })),
        fact((signal) => getIamPolicy(gcp, { resource: `projects/${project}/secrets/${secret}`, signal })),
      ]);
      return { project, secret, version: known, policy };
    }),
  );
}
