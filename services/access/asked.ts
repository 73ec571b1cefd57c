/**
 * A request as Node has read it, as far as it says who asks and from where. It is taken as it is, and looked at no further
 * than needed.
 */
export interface Asked {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

const AUTHORIZATION = "authorization";
/** Looked at in mode `platform` alone: elsewhere anybody may send it. */
const SERVERLESS = "x-serverless-authorization";

/** The header in which the proof comes. */
export function authorizationOf({ headers }: Asked, platform: boolean): string | undefined {
  const serverless = platform ? listed(headers[SERVERLESS]) : undefined;
  return serverless ?? listed(headers[AUTHORIZATION]);
}

export const forwardedFor = ({ headers }: Asked): string | undefined => listed(headers["x-forwarded-for"]);

/** Whether such a header came more than once: Node keeps the first, and a proxy may have looked at the last. */
export function isRepeated({ rawHeaders }: Asked): boolean {
  let authorization = 0;
  let serverless = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // Most names are of another length, and need not be copied into small letters.
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) authorization += 1;
    else if (name.length === SERVERLESS.length && name.toLowerCase() === SERVERLESS) serverless += 1;
  }
  return authorization > 1 || serverless > 1;
}

const listed = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined || typeof value === "string" ? value : value.join(", ");
