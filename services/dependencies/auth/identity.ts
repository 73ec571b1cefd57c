import { CauseError } from "../../errors.ts";
import { isRecord, parseJson } from "../../json.ts";

/** Members in which services tell their name: `serviceId` is the health draft's. */
const NAME_MEMBERS = ["service", "name", "serviceId", "app", "application"] as const;

/**
 * Expects the status to carry the service's name. Without a configured one there is nothing to compare.
 *
 * @throws {CauseError} `IDENTITY_MISMATCH`, with the names that were found.
 */
export function expectIdentity(expected: string | undefined, body: string): void {
  if (expected === undefined) return;
  const json = parseJson(body);
  const found = isRecord(json)
    ? NAME_MEMBERS.map((member) => json[member]).filter((value) => typeof value === "string")
    : [];
  if (found.includes(expected)) return;
  const names = found.length === 0 ? "no name" : found.join(", ");
  throw new CauseError("IDENTITY_MISMATCH", `expected the service ${expected}, found ${names}`);
}
