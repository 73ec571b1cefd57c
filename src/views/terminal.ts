import type { Environment } from "../config/config.ts";

/** What the place that text goes to can show. */
export interface Terminal {
  /** Columns to wrap at; infinite where nobody looks at a screen. */
  readonly width: number;
  readonly color: boolean;
  /** False: marks and other characters outside ASCII are replaced. */
  readonly unicode: boolean;
}

export interface DescribeTerminalOptions {
  readonly env: Environment;
  readonly output: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };
  /** False with `--no-color`. */
  readonly color?: boolean | undefined;
}

const NARROWEST = 40;

/** Reads the customary variables; the flag wins over them, and FORCE_COLOR over NO_COLOR is not honoured. */
export function describeTerminal({ env, output, color }: DescribeTerminalOptions): Terminal {
  const isTTY = output.isTTY === true;
  return {
    width: isTTY ? Math.max(NARROWEST, output.columns ?? 80) : Number.POSITIVE_INFINITY,
    color: color !== false && wantsColor(env, isTTY),
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ""),
  };
}

function wantsColor({ NO_COLOR, FORCE_COLOR, TERM }: Environment, isTTY: boolean): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTTY && TERM !== "dumb";
}
