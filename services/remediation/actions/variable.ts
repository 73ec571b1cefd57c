import { createFingerprinter, SHORTEST_KEY } from "../../env-files/fingerprint.ts";
import { permissiveKind } from "../../env-lint/permissive.ts";
import { hasSecretShape, secretIn } from "../../env-lint/secret.ts";
import { isBooleanWord, isCredentialName, isOff, isOn } from "../../env-lint/words.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../gcp/fields.ts";
import { isStrictFlag } from "../../policy/flags.ts";
import { createRedact, type Redact } from "../../redact.ts";
import type { Json } from "../action.ts";

/** How a variable stands in one container of a template. */
export type Entry =
  | { readonly kind: "absent" }
  | { readonly kind: "plain"; readonly value: string; readonly index: number }
  /** Filled from Secret Manager, or in a way that this code does not know. */
  | { readonly kind: "reference"; readonly of: string }
  /** There is no such container, or it has the name twice. */
  | { readonly kind: "unclear"; readonly because: string };

/** Of the container named; of the only one where none is. */
export function entryOf(template: Fields, name: string, container: string | undefined): Entry {
  const containers = listOf(template["containers"]);
  const at = containerIndex(template, container);
  if (at === undefined) {
    const names = containers.map((each) => textOf(each["name"]) ?? "(without a name)").join(", ");
    const because =
      container === undefined
        ? `the service has ${containers.length} containers (${names}): name one`
        : `the service has no container ${container}, but ${names}`;
    return { kind: "unclear", because };
  }
  const env = listOf(containers[at]?.["env"]);
  const found = env.flatMap((each, index) => (each["name"] === name ? [{ each, index }] : []));
  const [first] = found;
  if (first === undefined) return { kind: "absent" };
  if (found.length > 1) return { kind: "unclear", because: `the container has ${name} twice` };
  const source = first.each["valueSource"];
  if (source !== undefined && source !== null) {
    const secret = textOf(fieldsOf(fieldsOf(source)["secretKeyRef"])["secret"]);
    return { kind: "reference", of: secret === undefined ? "another source" : `secret ${secret}` };
  }
  const { value } = first.each;
  return { kind: "plain", value: typeof value === "string" ? value : "", index: first.index };
}

/** The template with the variable set (at `index` where it is new), or without it. All others stay as they are. */
export function withVariable(
  template: Fields,
  {
    name,
    value,
    container,
    index,
  }: {
    readonly name: string;
    readonly value: string | undefined;
    readonly container: string | undefined;
    readonly index?: number | undefined;
  },
): Fields {
  const at = containerIndex(template, container);
  const set = (each: Fields): Fields => {
    const { env: former, ...rest } = each;
    const env = changed(listOf(former), { name, value, index });
    // The API leaves an empty list out.
    return env.length === 0 ? rest : { ...each, env };
  };
  const containers = listOf(template["containers"]).map((each, position) =>
    position === at ? set(each) : each,
  );
  return { ...template, containers };
}

function changed(
  env: readonly Fields[],
  { name, value, index }: { name: string; value: string | undefined; index: number | undefined },
): readonly Fields[] {
  const is = (each: Fields): boolean => each["name"] === name;
  if (value === undefined) return env.filter((each) => !is(each));
  const entry = { name, value };
  if (env.some(is)) return env.map((each) => (is(each) ? entry : each));
  return env.toSpliced(index ?? env.length, 0, entry);
}

function containerIndex(template: Fields, container: string | undefined): number | undefined {
  const containers = listOf(template["containers"]);
  if (container === undefined) return containers.length === 1 ? 0 : undefined;
  const at = containers.findIndex((each) => each["name"] === container);
  return at === -1 ? undefined : at;
}

/** A flag that is known by name, with a yes or no: the one kind of value that is shown. */
export const isShownFlag = (name: string, value: string): boolean =>
  (isStrictFlag(name) || permissiveKind(name) !== undefined) &&
  value.trim() !== "" &&
  value.length <= 10 &&
  (isOn(value) || isOff(value));

/** Whether setting it would switch a protection off. */
export const opensUp = (name: string, value: string): boolean =>
  permissiveKind(name) !== undefined && isOn(value);

/** Takes the values out of a text. Those of flags are shown, and in short ones half of all texts would be lost. */
export const hideValues = (name: string, values: readonly (string | undefined)[]): Redact =>
  createRedact(
    values.filter(
      (value) => value !== undefined && value.length > 3 && !isShownFlag(name, value),
    ) as string[],
  );

/** Why it must not stand in a plan in plain. */
export function secretReason(name: string, value: string): string | undefined {
  const found = secretIn(name, value);
  if (found !== undefined) return found;
  if (hasSecretShape(value)) return "the shape of a credential";
  return isCredentialName(name) && value !== "" && !isBooleanWord(value) ? "what its name says" : undefined;
}

/**
 * The value as it may be shown: flags as they are, others as fingerprints. The key is the service's own id, which only those
 * know who can read its variables anyway, and which is the same when the plan is made and when it is applied.
 */
export function shownValue(name: string, value: string | undefined, serviceId: string | undefined): Json {
  if (value === undefined) return null;
  if (isShownFlag(name, value)) return value;
  if (serviceId === undefined || serviceId.length < SHORTEST_KEY) return "set, and not shown";
  return createFingerprinter(new TextEncoder().encode(serviceId)).of(value);
}
