/** The allow-list: every member once, with one role, of the kind that the mode can check. */
import type { AccessOptions, Member, Role, Rule } from "../../services/access/options.ts";
import { type Problem, type ResolveInput, faultAt } from "./input.ts";
import { idOf, parseMember } from "./members.ts";
import type { ParsedAccess } from "./schema-access.ts";

type Guarded = Exclude<AccessOptions["mode"], "none">;

interface Entry {
  readonly path: string;
  readonly text: string;
  readonly role: Role;
  /** `entry 2`: all entries of a variable have one place. */
  readonly label: string;
}

/** The rules of `access.readers` and `access.operators`; what is wrong with a member is reported. */
export function resolveRules(parsed: ParsedAccess, mode: Guarded, input: ResolveInput): Rule[] {
  const rules: Rule[] = [];
  for (const entry of [...entriesOf(parsed, "readers"), ...entriesOf(parsed, "operators")]) {
    const result = parseMember(entry.text);
    if (!result.ok) {
      const inFile = input.sources.get(entry.path)?.kind === "file" && !input.hidden.has(entry.path);
      const code = result.secret && inFile ? "CONFIG_SECRET_IN_FILE" : undefined;
      fault(entry, result, input, code);
      continue;
    }
    const { member } = result;
    const problem = misplaced(member, mode) ?? conflict(member, entry.role, rules);
    if (problem) fault(entry, problem, input);
    else if (!rules.some((rule) => isSame(rule.member, member))) rules.push({ member, role: entry.role });
  }
  return rules;
}

function entriesOf(parsed: ParsedAccess, list: "readers" | "operators"): Entry[] {
  const role = list === "readers" ? "reader" : "operator";
  return parsed[list].map((text, index) => {
    const path = `access.${list}.${index}`;
    return { path, text: text.trim(), role, label: `entry ${index + 1}` };
  });
}

function fault(
  { path, label }: Entry,
  { expected, found, suggestion }: Problem,
  input: ResolveInput,
  code?: "CONFIG_SECRET_IN_FILE",
): void {
  const problem = { expected, found: `${label}: ${found}`, ...(suggestion && { suggestion }) };
  faultAt(input, path, problem, code);
}

function misplaced(member: Member, mode: Guarded): Problem | undefined {
  const isToken = member.kind === "token";
  if (isToken === (mode === "token")) return undefined;
  return {
    expected: isToken
      ? `people, service accounts and domains: mode \`${mode}\` knows no static tokens`
      : "`token:NAME:SHA256`: mode `token` knows nothing but static tokens",
    found: `\`${member.kind}:…\``,
    suggestion: isToken
      ? "set `access.mode: token`, or take it out"
      : "set `access.mode: google`, or take it out",
  };
}

function conflict(member: Member, role: Role, rules: readonly Rule[]): Problem | undefined {
  const sameHash = rules.find(
    (rule) => member.kind === "token" && rule.member.kind === "token" && rule.member.sha256 === member.sha256,
  );
  if (sameHash && idOf(sameHash.member) !== idOf(member)) {
    return {
      expected: "each token under one name",
      found: `the token of \`${idOf(sameHash.member)}\` again`,
    };
  }
  const other = rules.find((rule) => idOf(rule.member) === idOf(member) && rule.role !== role);
  if (!other) return undefined;
  return {
    expected: "each member with one role",
    found: `\`${idOf(member)}\`, which is a ${other.role} already`,
    suggestion: "an operator may do what a reader may: take it out of `readers`",
  };
}

/** The same token twice is one; two tokens of one name are both good, so that one can replace the other. */
function isSame(one: Member, other: Member): boolean {
  return (
    idOf(one) === idOf(other) &&
    (one.kind !== "token" || other.kind !== "token" || one.sha256 === other.sha256)
  );
}
