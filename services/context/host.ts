/** Ends of names that nobody can register: all before them was chosen by whoever runs the network. */
const PRIVATE_ENDS: ReadonlySet<string> = new Set(
  "internal local localdomain lan corp home intra intranet private svc docker consul test example invalid".split(
    " ",
  ),
);
/** Labels of environments that are top-level domains too: `acme.dev` and `acme.live` are company names. */
const ALSO_TOP_LEVEL: ReadonlySet<string> = new Set(["dev", "live"]);
/** `acme.co.uk`. */
const SECOND_LEVEL: ReadonlySet<string> = new Set(["co", "com", "org", "net", "ac", "gov", "edu"]);

/**
 * The part of a host's name in which an environment may be named, with dots between its labels. Empty for addresses, for
 * this machine and for what is a company's name: `login.live.com` is not production, and `localhost` may be anything.
 *
 * @param isLabel whether a label names an environment: the end of `db.staging` is a namespace, not a domain
 */
export function telling(host: string, isLabel: (label: string) => boolean): string {
  if (host.startsWith("/")) return /^\/cloudsql\/(.+)$/.exec(host)?.[1] ?? "";
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name.includes(":") || /^[\d.]+$/.test(name)) return "";
  const labels = name.split(".");
  const end = labels.at(-1) ?? "";
  if (labels.length === 1) return name;
  if (PRIVATE_ENDS.has(end)) return labels.slice(0, -1).join(".");
  if (isLabel(end) && !ALSO_TOP_LEVEL.has(end)) return name;
  const twofold = end.length === 2 && labels.length > 2 && SECOND_LEVEL.has(labels.at(-2) ?? "");
  const own = labels.slice(0, twofold ? -2 : -1);
  const company = own.pop() ?? "";
  // `acme-staging.com` was registered for it; `live-nation.com` was not.
  const words = company.split("-");
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return [...own, last].filter((part) => part !== "").join(".");
}
