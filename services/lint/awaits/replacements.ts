import type { Reading } from "./reading.ts";
import { bind, OTHER, type Scope } from "./scopes.ts";
import { keywords, REPLACING, lastNamesOfStrings, targetNames } from "./text.ts";

const REPLACING_CALL = /(?:patch[\w.]*|setattr|setitem)\s*\(|\bmodules\s*\[/;

/**
 * Notes which names a statement may give to something else from outside: `patch("app.fetch")`,
 * `monkeypatch.setattr(app, "fetch", …)`. Where it does not say which, every string of the file counts.
 */
export function noteReplacements(reading: Reading, statement: string): void {
  if (!REPLACING.test(statement)) return;
  const names = lastNamesOfStrings(statement);
  for (const name of names) reading.replaced.add(name);
  if (/multiple|type\(/.test(statement)) for (const name of keywords(statement)) reading.replaced.add(name);
  if (names.length > 0 || !REPLACING_CALL.test(statement)) return;
  if (!reading.countsEveryString)
    for (const name of lastNamesOfStrings(reading.file.text)) reading.replaced.add(name);
  reading.countsEveryString = true;
  if (!/setattr/.test(statement)) return;
  if (/setattr\(\s*self\b/.test(statement)) reading.dynamic ??= "classes";
  else reading.dynamic = "all";
}

/** Notes the attributes that the target of an assignment sets. */
export function noteAttributes(reading: Reading, target: string): void {
  for (const { of, name } of targetNames(target).attributes) {
    // `self.a.b = …` sets `b` of something else.
    if (of === "self") reading.fields.add(name);
    else reading.replaced.add(name);
  }
}

/** What a target binds or sets; more than it does is no harm. */
export function bindTarget(reading: Reading, scope: Scope, target: string): void {
  for (const name of targetNames(target).names) bind(scope, name, OTHER);
  if (target.includes(".")) noteAttributes(reading, target);
}
