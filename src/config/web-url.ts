/** URLs of services that are asked without a driver. They carry no credentials, and lead to no metadata server. */
import { CauseError } from "../../services/errors.ts";
import { checkHost } from "../../services/net/address-guard.ts";
import type { Problem } from "./input.ts";
import { describeUrl, nearestScheme } from "./redact.ts";

/** The schemes of each kind: without TLS, with TLS. */
const SCHEMES = { http: ["http", "https"], websocket: ["ws", "wss"], tcp: ["tcp", "tls"] } as const;

export type WebKind = keyof typeof SCHEMES;

export type WebUrl =
  | { readonly ok: true; readonly url: URL; readonly secure: boolean }
  | ({ readonly ok: false } & Problem);

/** Checks a URL of a kind; a fault never quotes it. */
export function parseWebUrl(kind: WebKind, text: string): WebUrl {
  const [plain, secure] = SCHEMES[kind];
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== plain && scheme !== secure) {
    const close = nearestScheme(text, [plain, secure]);
    const suggestion = close && `did you mean \`${close}://\`?`;
    return problem(`a URL that starts with \`${plain}://\` or \`${secure}://\``, text, suggestion);
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001F\\]/.test(text))
    return problem("a URL without spaces, line breaks and backslashes", text);
  // Read as a web address, so that every spelling of an address (0x7f.1, 2130706433) comes out as the same one.
  const url = URL.parse(kind === "tcp" ? text.replace(/^[a-z]+/i, "http") : text);
  if (!url) return problem("a URL that parses", text);
  const authority = text.slice(text.indexOf("://") + 3).split(/[/?#]/)[0] ?? "";
  if (url.username || url.password || authority.includes("@")) {
    return problem("a URL without user and password", text, "take them out; nothing here logs in by URL");
  }
  if (text.includes("#")) return problem("a URL without a fragment (`#…`)", text);
  const port = /:(\d+)$/.exec(authority)?.[1];
  if (port !== undefined && Number(port) === 0) return problem("a port from 1 to 65535", text);
  if (kind === "tcp" && (port === undefined || !/^\/?$/.test(url.pathname) || url.search)) {
    return problem(`a host and a port, and no more: \`${scheme}://host:port\``, text);
  }
  const refused = refusedHost(url.hostname, text);
  if (refused) return refused;
  return {
    ok: true,
    url: kind === "tcp" ? new URL(`${scheme}://${url.hostname}:${port}`) : url,
    secure: scheme === secure,
  };
}

function refusedHost(hostname: string, text: string): WebUrl | undefined {
  try {
    checkHost(hostname);
    return undefined;
  } catch (error) {
    if (!(error instanceof CauseError)) throw error;
    return problem(
      "the address of a service: link-local, metadata and multicast addresses are never asked",
      text,
      "name the service itself; ADDRESS_FORBIDDEN says more: `greenlight explain ADDRESS_FORBIDDEN`",
    );
  }
}

function problem(expected: string, text: string, suggestion?: string): WebUrl {
  return { ok: false, expected, found: describeUrl(text), ...(suggestion && { suggestion }) };
}
