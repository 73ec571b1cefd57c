/** awaits: what is awaited and is not async, and what is async and not awaited; only what is certain is told. */

/**
 * Where a name leads, as far as its own file tells. One of
 *
 * - `d3`: definition 3 of this file
 * - `k2`, `k2.method`: class 2 of this file
 * - `gname`, `gname.method`: what this file binds at its top level
 * - `m..client:fetch`, `mapp.client:`: `fetch` of the module `.client`, the module `app.client` itself
 * - `bprint`: a builtin, unless something shadows it
 * - `=REF#method`: of an instance made by calling REF; `~REF#method`: of an instance of REF or of a class made from it
 * - `?`: anything
 *
 * Several, with `|` between them, when it may be any of them.
 */
export type Reference = string;

/** `c`: async def; `g`: async def with yield; `s`: def; `?`: what a decorator or a stub body may have made of it. */
export type DefinitionKind = "c" | "g" | "s" | "?";

/**
 * What it is, its line (from 1), and for `s` what it returns calls of: it is certain not to return anything awaitable
 * when none of these does. A `s` that may return anything has the reference `?` there.
 */
export type DefinitionFacts = readonly [kind: DefinitionKind, line: number, calls?: readonly Reference[]];

export type Named = readonly [name: string, reference: Reference];

export interface ClassFacts {
  readonly name: string;
  /** References, `?` for what is no plain name. */
  readonly bases: readonly Reference[];
  readonly members: readonly Named[];
  /** A decorator, a metaclass or a method of its own may give its instances other methods. */
  readonly opaque?: true;
  /** Its instances can be awaited, or calling it makes something else. */
  readonly odd?: true;
}

/** `await f()`, or `f()` whose value nobody uses. */
export interface UseFacts {
  readonly kind: "await" | "call";
  readonly target: Reference;
  /** As written: `client.fetch`. */
  readonly callee: string;
  /** Index into `scopes`. */
  readonly scope: number;
  /** Of the whole `await f()`, or of `f()`. UTF-16 indexes. */
  readonly start: number;
  /** For `await`: where the word and the space behind it end; a comment between it and its operand stays. */
  readonly operand?: number;
  /** Parentheses around the whole `await f()` that nothing needs once `await ` is gone. */
  readonly wrapped?: readonly [start: number, end: number];
  readonly line: number;
  readonly column: number;
  /** `await ` may stand before the call. */
  readonly inAsync?: true;
  /** The call's value is given this name, which nobody reads. */
  readonly assigned?: string;
}

/** `await` where Python has no coroutine to suspend. */
export interface StrayFacts {
  readonly scope: number;
  readonly where: "module" | "class" | "def" | "lambda" | "comprehension";
  readonly line: number;
  readonly column: number;
}

/** What one Python file says about async functions; plain data, small, and without what is empty. */
export interface AwaitFacts {
  readonly exports?: readonly Named[];
  readonly defs?: readonly DefinitionFacts[];
  readonly classes?: readonly ClassFacts[];
  /** Modules of `from m import *`, at the top level or anywhere. */
  readonly stars?: readonly string[];
  /** `__all__`, when it is a plain list; null when it is anything else. */
  readonly all?: readonly string[] | null;
  readonly uses?: readonly UseFacts[];
  readonly strays?: readonly StrayFacts[];
  /** Dotted names of what encloses the uses; "" is the top level. */
  readonly scopes?: readonly string[];
  /** Names that something here may give another value from outside: `client.fetch = …`, `patch("app.fetch")`. */
  readonly replaced?: readonly string[];
  /** Names of attributes that something here sets on `self`. */
  readonly fields?: readonly string[];
  /** What is bound here may change in ways that are not written down: `globals()[name] = …`. */
  readonly dynamic?: "classes" | "all";
}
