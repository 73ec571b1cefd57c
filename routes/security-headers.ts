/** Headers that every answer carries, as names and values in turn, as `writeHead` takes them. */
export type HeaderList = readonly string[];

/** `https` where nothing but https leads here: then browsers are told never to try anything else. */
export function securityHeaders({ https }: { readonly https: boolean }): HeaderList {
  return headersWith("default-src 'none'; frame-ancestors 'none'", https);
}

/** Of the dashboard: it loads scripts, styles and data from here and nowhere else, and makes no markup of texts. */
export function pageSecurityHeaders({ https }: { readonly https: boolean }): HeaderList {
  return headersWith(PAGE_POLICY.join("; "), https);
}

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

function headersWith(policy: string, https: boolean): HeaderList {
  return [
    "x-content-type-options",
    "nosniff",
    "content-security-policy",
    policy,
    "referrer-policy",
    "no-referrer",
    "cross-origin-resource-policy",
    "same-origin",
    ...transportSecurity(https),
  ];
}

/**
 * Those of them that still mean something for an answer that is data, loads nothing and links nowhere; each header costs a
 * polled answer one per cent.
 */
export function dataSecurityHeaders({ https }: { readonly https: boolean }): HeaderList {
  return [
    "x-content-type-options",
    "nosniff",
    "content-security-policy",
    "frame-ancestors 'none'",
    ...transportSecurity(https),
  ];
}

const transportSecurity = (https: boolean): HeaderList =>
  https ? ["strict-transport-security", "max-age=31536000"] : [];

/** Calls `set` with each pair. */
export function eachHeader(headers: HeaderList, set: (name: string, value: string) => void): void {
  for (let index = 0; index < headers.length; index += 2) set(headers[index] ?? "", headers[index + 1] ?? "");
}
