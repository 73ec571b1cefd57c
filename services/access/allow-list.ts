import type { Principal, Role, Rule } from "./options.ts";

/** An e-mail address that was proven, and the domain that vouches for it. */
export interface Identity {
  readonly email: string;
  /** The `hd` claim: the organisation that owns the account; consumer accounts have none, whatever their address. */
  readonly hostedDomain?: string | undefined;
}

const SERVICE_ACCOUNT = ".gserviceaccount.com";

export const isServiceAccount = (email: string): boolean => lower(email).endsWith(SERVICE_ACCOUNT);

/** As IAM writes it. */
export function memberId({ email }: Identity): string {
  return `${isServiceAccount(email) ? "serviceAccount" : "user"}:${lower(email)}`;
}

/** Whoever is proven to have the address, with the highest of the roles that the rules give; undefined when none does. */
export function findPrincipal(rules: readonly Rule[], identity: Identity): Principal | undefined {
  const role = highestRole(rules.filter((rule) => matches(rule, identity)));
  return role === undefined ? undefined : { id: memberId(identity), role };
}

/** Why nobody was found: what to add, and to what. */
export function describeStranger(rules: readonly Rule[], identity: Identity): string {
  const text = `${memberId(identity)} is neither in access.readers nor in access.operators.`;
  const domain = lower(identity.email.slice(identity.email.lastIndexOf("@") + 1));
  const meant = rules.some(({ member }) => member.kind === "domain" && lower(member.domain) === domain);
  return meant && identity.hostedDomain === undefined
    ? `${text} domain:${domain} is, but only an identity token says which organisation an account belongs to, and this one does not: send an identity token, or list the address.`
    : text;
}

function matches({ member }: Rule, identity: Identity): boolean {
  if (member.kind === "token") return false;
  if (member.kind === "domain") {
    return identity.hostedDomain !== undefined && lower(identity.hostedDomain) === lower(member.domain);
  }
  return `${member.kind}:${lower(member.email)}` === memberId(identity);
}

function highestRole(rules: readonly Rule[]): Role | undefined {
  return rules.find(({ role }) => role === "operator")?.role ?? rules[0]?.role;
}

/** ASCII alone: `toLowerCase` makes the Kelvin sign a k, and so one person's address another's. */
const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
