/** Variables: secrets by reference, and no protection switched off. */
import { permissiveKind } from "../env-lint/permissive.ts";
import { secretIn } from "../env-lint/secret.ts";
import { isOff, isOn } from "../env-lint/words.ts";
import type { Manifest } from "./manifest.ts";
import type { Fault } from "./rule.ts";

/** Whoever reads such a flag may take anything but a clear no for yes; a list of paths is none (`BYPASS_PATHS`). */
const isSet = (value: string): boolean => isOn(value) || (!isOff(value) && !/[/,.:]/.test(value));

/** Shows names, and never values. */
export function variables({ containers }: Manifest): readonly Fault[] {
  return containers.flatMap((container) =>
    container.variables.flatMap(({ name, tree: at, value }): readonly Fault[] => {
      const about = containers.length === 1 ? name : `${container.name}/${name}`;
      const facts = { variable: name };
      const kind = permissiveKind(name);
      if (kind !== undefined && (value === undefined || isSet(value))) {
        const set = value === undefined ? "comes from a secret, so nobody sees whether it is on" : "is on";
        const message = `${name} ${set}: it switches a protection off for as long as the service runs.`;
        return [{ code: "DEPLOYMENT_PERMISSIVE", about, at, message, facts }];
      }
      const gives = value === undefined ? undefined : secretIn(name, value);
      if (gives === undefined) return [];
      const message = `${name} holds a secret in plain text (${gives}); its value is not shown here.`;
      return [{ code: "DEPLOYMENT_PLAIN_SECRET", about, at, message, facts }];
    }),
  );
}
