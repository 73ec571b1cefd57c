import { formatDuration } from "../duration.ts";
import { isRecord, parseJson } from "../json.ts";
import type { SuiteOptions } from "./suite.ts";
import type { Reason } from "./verdict.ts";

export interface JudgeCredentialsInput {
  readonly suite: Pick<SuiteOptions, "credentials" | "expectedMs">;
  /** What a variable holds; never shown. */
  readonly read: (variable: string) => string | undefined;
  /** Wall clock, ms. */
  readonly now: number;
}

/**
 * Pure: why the suite's own credentials will not last it. Waiting makes none of them better. What cannot be read is not
 * taken for good; the signature is the business of whoever is shown the token.
 */
export function judgeCredentials({ suite, read, now }: JudgeCredentialsInput): readonly Reason[] {
  const { credentials, expectedMs = 0 } = suite;
  return credentials.flatMap(({ variable }) => {
    const problem = problemOf(read(variable), { now, expectedMs });
    if (problem === undefined) return [];
    return [
      {
        code: "CREDENTIAL",
        level: "required",
        effect: "blocks",
        curable: false,
        message: `The suite's credential ${variable} ${problem}.`,
      } as const,
    ];
  });
}

function problemOf(
  token: string | undefined,
  { now, expectedMs }: { readonly now: number; readonly expectedMs: number },
): string | undefined {
  if (token === undefined || token === "") return "is not set";
  const claims = claimsOf(token);
  if (claims === undefined) return "holds no JWT (three parts in base64url, the first two JSON objects)";
  const { exp } = claims;
  if (typeof exp !== "number" || !Number.isFinite(exp))
    return "is a JWT that does not say when it expires (exp)";
  const leftMs = exp * 1000 - now;
  if (leftMs <= 0) return `expired ${rounded(-leftMs)} ago`;
  if (leftMs < expectedMs)
    return `expires in ${rounded(leftMs)}, and the suite is expected to take ${rounded(expectedMs)}`;
  return undefined;
}

/** The claims, of which nothing is verified; undefined for whatever is no JWT. */
function claimsOf(token: string): Record<string, unknown> | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined;
  const [header = "", claims = ""] = token.split(".");
  const read = [header, claims].map((part) => parseJson(Buffer.from(part, "base64url").toString("utf8")));
  const [, body] = read;
  return read.every(isRecord) && isRecord(body) ? body : undefined;
}

/** In whole seconds, or minutes from ten of them on; nobody plans by milliseconds. */
function rounded(ms: number): string {
  const seconds = Math.max(1, Math.floor(ms / 1000));
  return formatDuration((seconds < 600 ? seconds : Math.floor(seconds / 60) * 60) * 1000);
}
