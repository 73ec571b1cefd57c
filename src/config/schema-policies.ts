/** What can be said about policies and waivers. */
import * as v from "valibot";
import { DEMANDS, POLICY_MODES } from "../../services/policy/policy.ts";
import { checkedLater } from "./either.ts";
import { NAME, NAME_EXPECTED } from "./schema-targets.ts";
import { MAPPING, about, choice, environmentName, flag, name } from "./values.ts";

const demand = choice("What the environment makes of it.", DEMANDS);

const policySchema = v.strictObject(
  {
    environment: environmentName("The environment it applies to, exactly so."),
    mode: v.optional(
      choice(
        "`enforce`: breaches are errors; `warn`: they are warnings, and no verdict changes; `off`: nothing of `requires` holds.",
        POLICY_MODES,
      ),
      "enforce",
    ),
    requires: v.optional(
      v.pipe(
        v.record(
          checkedLater(name("The name of a dependency, configured or not.", NAME, NAME_EXPECTED)),
          demand,
          MAPPING,
        ),
        v.description(
          "By dependency: `required` (every suite needs it), `optional` (it stops none), `ignored` (it is in no verdict) or `forbidden` (it must not be configured).",
        ),
        about({ type: "mapping of dependencies to one of those" }),
      ),
      {},
    ),
    allowMock: v.optional(flag("Whether a mock may serve where nothing real does."), false),
    strict: v.optional(flag("As the key `strict`, for this environment.", "as the key `strict`")),
  },
  MAPPING,
);

export const policiesSchema = v.array(policySchema, "a list of policies");

export const SENTENCE_EXPECTED = "text of at most 500 characters that is not empty";
export const MAX_SENTENCE = 500;

const sentence = (meaning: string) =>
  checkedLater(
    v.pipe(
      v.string(SENTENCE_EXPECTED),
      v.nonEmpty(SENTENCE_EXPECTED),
      v.maxLength(MAX_SENTENCE, SENTENCE_EXPECTED),
      v.description(meaning),
      about({ type: "text" }),
    ),
  );

export const FINDING_ID = /^[A-Z][A-Z\d_]*:.{1,300}$/;
export const FINDING_EXPECTED = "the id of a finding: its code, `:` and what it is about";

const waiverSchema = v.strictObject(
  {
    finding: checkedLater(
      name(
        "The id of the finding that is accepted, such as `FLAG_BYPASS:SKIP_MIGRATIONS`.",
        FINDING_ID,
        FINDING_EXPECTED,
      ),
    ),
    reason: sentence("Why it is accepted."),
    owner: sentence("Who answers for it: a person or a team."),
    expires: checkedLater(
      name(
        "The last day on which it holds, in UTC; at most 90 days ahead.",
        /^\d{4}-\d{2}-\d{2}$/,
        "a day such as 2026-12-31",
      ),
    ),
  },
  MAPPING,
);

export const waiversSchema = v.array(waiverSchema, "a list of waivers");

export type ParsedPolicies = v.InferOutput<typeof policiesSchema>;
export type ParsedWaivers = v.InferOutput<typeof waiversSchema>;
