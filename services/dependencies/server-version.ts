import { isRecord, parseJson } from "../json.ts";
import type { Redact } from "../redact.ts";

/** The longest text that can be meant as a version. A longer one is not cut: of a cut secret nobody would know the rest. */
const LONGEST = 80;

/** `PRODUCT VERSION`, as it may be shown; undefined when what a server told of itself cannot be a version. */
export function nameVersion(product: string, told: unknown, redact: Redact): string | undefined {
  const version = typeof told === "number" ? String(told) : told;
  if (typeof version !== "string" || version.length > LONGEST) return undefined;
  const text = redact(version.trim());
  if (!/^[\x20-\x7e]+$/.test(text)) return undefined;
  return product === "" ? text : `${product} ${text}`;
}

/** Bodies longer than this, in characters, are not read for a version. */
const LONGEST_BODY = 16_384;

/** `version` and `releaseId` of a health answer (draft-inadarei-api-health-check-06), where it has them. */
export function versionIn(body: string, redact: Redact): string | undefined {
  if (body.length > LONGEST_BODY || !/"(?:version|releaseId)"/.test(body)) return undefined;
  const json = parseJson(body);
  if (!isRecord(json)) return undefined;
  const version = nameVersion("", json.version, redact);
  const release = nameVersion("", json.releaseId, redact);
  if (version === undefined || release === undefined || version === release) return version ?? release;
  return `${version} (${release})`;
}
