/** Members of the allow-list, in the syntax of IAM. What is malformed is never quoted: it may be a token. */
import type { Member } from "../../services/access/options.ts";
import type { Problem } from "./input.ts";

export type MemberResult =
  | { readonly ok: true; readonly member: Member }
  /** `secret`: it may be a token. */
  | ({ readonly ok: false; readonly secret?: boolean } & Problem);

const EMAIL =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/i;
const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/i;
const ACCOUNT_DOMAIN = /(?:^|[.@])gserviceaccount\.com$/i;
const TOKEN = /^[A-Za-z\d][\w.-]{0,63}$/;
const NEW_TOKEN = "`greenlight auth new-token NAME` makes a token and prints its member";

/** Everybody can have an address there. */
const CONSUMER_DOMAINS = new Set(
  (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com " +
    "aol.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net web.de mail.com mail.ru yandex.com yandex.ru qq.com " +
    "163.com 126.com zoho.com fastmail.com hey.com tutanota.com"
  ).split(" "),
);

/** Reads one member; addresses, domains and hashes come out in lower case. */
export function parseMember(text: string): MemberResult {
  const [, kind = "", rest = ""] = /^([A-Za-z]+):(.*)$/s.exec(text) ?? [];
  if (kind === "token") return parseToken(rest);
  if (kind === "user") return parseUser(rest);
  if (kind === "serviceAccount") return parseServiceAccount(rest);
  if (kind === "domain") return parseDomain(rest);
  const advice = adviceFor(text);
  return refuse("a member that starts with `user:`, `serviceAccount:`, `domain:` or `token:`", {
    found: describe(text),
    suggestion: advice ?? `for a static token: ${NEW_TOKEN}`,
    secret: advice === undefined,
  });
}

/** The text that {@link parseMember} reads back. */
export function formatMember(member: Member): string {
  if (member.kind === "token") return `token:${member.name}:${member.sha256}`;
  return `${member.kind}:${member.kind === "domain" ? member.domain : member.email}`;
}

/** Who somebody with this member's token is. */
export function idOf(member: Member): string {
  return member.kind === "token" ? `token:${member.name}` : formatMember(member);
}

function parseToken(rest: string): MemberResult {
  const colon = rest.indexOf(":");
  const name = rest.slice(0, Math.max(0, colon));
  const sha256 = rest.slice(colon + 1);
  if (!TOKEN.test(name) || !/^[\da-f]{64}$/i.test(sha256)) {
    return refuse("`token:NAME:SHA256`, with the SHA-256 of the token as 64 hexadecimal digits", {
      found: describe(rest, "token"),
      suggestion: `the token itself never stands in the configuration; ${NEW_TOKEN}`,
      secret: true,
    });
  }
  return { ok: true, member: { kind: "token", name, sha256: sha256.toLowerCase() } };
}

function parseUser(rest: string): MemberResult {
  if (!EMAIL.test(rest)) return refuse("an e-mail address after `user:`", { found: describe(rest, "user") });
  if (!ACCOUNT_DOMAIN.test(rest)) {
    return { ok: true, member: { kind: "user", email: rest.toLowerCase() } };
  }
  const found = "a service account's address after `user:`";
  return refuse("a person's e-mail address after `user:`", { found, suggestion: "write `serviceAccount:`" });
}

function parseServiceAccount(rest: string): MemberResult {
  const expected = "the address of a service account (it ends in `gserviceaccount.com`)";
  if (!EMAIL.test(rest)) return refuse(expected, { found: describe(rest, "serviceAccount") });
  if (ACCOUNT_DOMAIN.test(rest)) {
    return { ok: true, member: { kind: "serviceAccount", email: rest.toLowerCase() } };
  }
  const found = "another address after `serviceAccount:`";
  return refuse(expected, { found, suggestion: "write `user:` for a person" });
}

function parseDomain(rest: string): MemberResult {
  const domain = rest.toLowerCase();
  if (!DOMAIN.test(domain)) {
    const wildcard = rest.includes("*");
    const found = wildcard ? "a wildcard" : describe(rest, "domain");
    const suggestion = wildcard ? "name each domain; a domain does not include those below it" : undefined;
    return refuse("a domain such as `example.com` after `domain:`", { found, suggestion });
  }
  const found = `\`${domain.slice(0, 60)}\``;
  if (CONSUMER_DOMAINS.has(domain)) {
    return refuse("a domain of your own: everybody can have an address there", {
      found,
      suggestion: "name each person as `user:…`",
    });
  }
  if (!ACCOUNT_DOMAIN.test(domain)) return { ok: true, member: { kind: "domain", domain } };
  const suggestion = "name each account as `serviceAccount:…`";
  return refuse("a domain of people, not of service accounts", { found, suggestion });
}

/** For what is meant as a member; whatever else stands there may be a token. */
function adviceFor(text: string): string | undefined {
  if (/^(allUsers|allAuthenticatedUsers)$/i.test(text)) {
    return "name who may ask; `access.public: verdict` shows everybody pass, warn or fail";
  }
  if (/^(group|principal|principalSet|projectOwner|projectEditor|projectViewer):/i.test(text)) {
    return "these cannot be looked up here: name the people, their domain or the service accounts";
  }
  if (EMAIL.test(text))
    return ACCOUNT_DOMAIN.test(text) ? "write `serviceAccount:`" : "write `user:` before it";
  return DOMAIN.test(text) ? "write `domain:` before it" : undefined;
}

function describe(text: string, kind?: string): string {
  const length = `${text.length} characters (not shown)`;
  return kind === undefined ? `text of ${length}` : `\`${kind}:\` and ${length}`;
}

function refuse(
  expected: string,
  { found, suggestion, secret }: { found: string; suggestion?: string | undefined; secret?: boolean },
): MemberResult {
  return { ok: false, expected, found, ...(suggestion && { suggestion }), ...(secret && { secret }) };
}
