/** `auth new-token`: a static token for mode `token`, and the member that lets it in. */
import { createHash, randomBytes } from "node:crypto";
import { formatMember, parseMember } from "../config/members.ts";
import { EXIT } from "../exit-codes.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

const BYTES = 32;
/** Tells what it is when it turns up somewhere, and never looks like an option of a command. */
const PREFIX = "gl_";

/** Writes the token once, to stdout; it is kept nowhere. Resolves with 0. */
export async function newToken(
  { stdout, stderr }: CommandContext,
  { name, json }: OutputOptions & { readonly name: string },
): Promise<number> {
  const token = `${PREFIX}${randomBytes(BYTES).toString("base64url")}`;
  const sha256 = createHash("sha256").update(token).digest("hex");
  const parsed = parseMember(`token:${name}:${sha256}`);
  if (!parsed.ok) {
    throw usageError("expected a name of letters, digits, `.`, `_` and `-`, of at most 64 characters.");
  }
  const member = formatMember(parsed.member);
  if (json === true) {
    stdout.write(`${JSON.stringify({ schemaVersion: 1, command: "auth new-token", token, member })}\n`);
    return EXIT.ok;
  }
  stdout.write(`${token}\n`);
  stderr.write(
    `${member}\n\nPut this line under access.readers or access.operators (or in GREENLIGHT_ACCESS_READERS), with access.mode: token.\nThe token on stdout is shown this once; callers set GREENLIGHT_TOKEN to it.\n`,
  );
  return EXIT.ok;
}
