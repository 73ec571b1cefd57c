/** The newest release whose rules are known here; what is judged when nobody says which pytest runs. */
export const NEWEST_PYTEST = "9.1";

/** What changed in pytest, and the first release that has it. */
const SINCE = {
  /** `[tool.pytest.ini_options]`. */
  pyproject: [6, 0],
  hiddenIni: [7, 2],
  /** A conftest below is loaded when its folder is reached; before, all were loaded first. */
  conftestInOrder: [8, 0],
  expressionKeywords: [8, 3],
  /** `pytest.toml`, `.pytest.toml`, `[tool.pytest]`. */
  nativeToml: [9, 0],
  emptyHiddenIni: [9, 0],
  /** The files that are not asked are read too, to warn of them; a fault in one ends pytest. */
  readsIgnored: [9, 0],
  strictSettings: [9, 0],
  /** 9.0 accepts `--strict-markers` in `addopts` and does nothing about it (pytest-dev/pytest#14442). */
  strictInOptionsAgain: [9, 1],
  expressionChecked: [9, 2],
} as const;

export type PytestFeature = keyof typeof SINCE;

/** Whether that release has it. A version that cannot be read counts as the newest known. */
export function hasFeature(version: string, feature: PytestFeature): boolean {
  const found = /^\s*(\d+)(?:\.(\d+))?/.exec(version) ?? /^(\d+)\.(\d+)/.exec(NEWEST_PYTEST);
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  const [sinceMajor, sinceMinor] = SINCE[feature];
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** pytest 9.0 alone: strictness asked for in `addopts` has no effect. */
export const ignoresStrictOptions = (version: string): boolean =>
  hasFeature(version, "strictSettings") && !hasFeature(version, "strictInOptionsAgain");
