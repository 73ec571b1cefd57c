import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

// npm leaves out what the registry in use does not serve, and then `npm ci` refuses the lock: .ci/complete-lock.mjs mends it.
test("the lock names every optional package of every platform, so that npm ci accepts it anywhere", () => {
  const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const missing = Object.values(lock.packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !Object.hasOwn(lock.packages, `node_modules/${name}`));
  expect(missing).toEqual([]);
});
