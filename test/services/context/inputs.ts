import * as fc from "fast-check";
import { detect, type Detection } from "../../../services/context/detect.ts";
import type { ContextInputs, Declaration, UrlName } from "../../../services/context/evidence.ts";
import { type ContextRules, DEFAULT_RULES, ENVIRONMENTS } from "../../../services/context/kinds.ts";

const NOTHING: ContextInputs = { declared: [], unasked: [], variables: {}, urls: [], files: [] };

export const inputsOf = (given: Partial<ContextInputs>): ContextInputs => ({ ...NOTHING, ...given });

/** What these inputs come to. */
export const detectFrom = (given: Partial<ContextInputs>, rules: Partial<ContextRules> = {}): Detection =>
  detect(inputsOf(given), { ...DEFAULT_RULES, ...rules });

export const told = (dependency: string, text: string): Declaration => ({ dependency, kind: "told", text });
export const host = (dependency: string, text: string): UrlName => ({ dependency, part: "host", text });

/** Everything that was found about one source. */
export const evidenceOf = (detection: Detection, source: string) =>
  detection.evidence.find((each) => each.source === source);

export const environment = fc.constantFrom(...ENVIRONMENTS);
const name = fc.oneof(
  environment,
  fc.constantFrom("eu-prod", "nonprod", "staging-prod", "acme-stg-1", "blue", "qa", "devices", "ci"),
);
const variable = fc.constantFrom(
  "APP_ENV",
  "ENVIRONMENT",
  "NODE_ENV",
  "K_SERVICE",
  "CI_ENVIRONMENT_TIER",
  "POD_NAMESPACE",
  "GOOGLE_CLOUD_PROJECT",
  "GITHUB_ACTIONS",
  "CI",
);
const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  name.map((text): Declaration => told("postgres", text)),
  fc.constant<Declaration>({ dependency: "redis", kind: "missing", message: "not there" }),
  fc.constant<Declaration>({ dependency: "redis", kind: "unreadable", message: "CONNECT_REFUSED: refused" }),
);
const url = fc
  .tuple(fc.constantFrom("postgres", "redis"), name)
  .map(([dependency, text]) => host(dependency, `db.${text}.acme.internal`));

/** Any inputs at all. */
export const anyInputs: fc.Arbitrary<ContextInputs> = fc
  .record(
    {
      flag: environment,
      declared: fc.array(declaration, { maxLength: 2 }),
      named: name.map((text) => ({ source: "environment", name: text })),
      variables: fc.dictionary(variable, name, { maxKeys: 4, noNullPrototype: true }),
      urls: fc.array(url, { maxLength: 3 }),
      namespace: name,
      files: fc.uniqueArray(
        name.map((text) => `.env.${text}`),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((given) =>
    inputsOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))),
  );
