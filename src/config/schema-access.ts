/** What can be said about who may ask. */
import * as v from "valibot";
import { MAPPING, choice, flag, integer, text, texts } from "./values.ts";

const MEMBERS =
  "`user:ann@example.com`, `serviceAccount:ci@project.iam.gserviceaccount.com`, `domain:example.com` (modes `google` and `platform`), or `token:NAME:SHA256` (mode `token`; from `greenlight auth new-token NAME`)";

const RATE = { min: 1, max: 1_000_000 };

export const accessSchema = v.strictObject(
  {
    mode: v.optional(
      choice(
        "Who may ask. `none` asks for no proof and so listens on loopback only; `token` knows static tokens; `google` verifies tokens of Google; `platform` believes Cloud Run, which has verified them.",
        ["none", "token", "google", "platform"],
      ),
      "none",
    ),
    public: v.optional(
      choice("What callers without a token see of health: pass, warn or fail and no more, or nothing.", [
        "verdict",
        "nothing",
      ]),
      "nothing",
    ),
    readers: v.optional(texts(`Who may see detail: ${MEMBERS}.`, { secret: true }), []),
    operators: v.optional(texts("Who may act as well; members as for `readers`.", { secret: true }), []),
    audiences: v.optional(
      texts("Mode `google`: the accepted audiences of ID tokens: the URL of this service, and custom ones."),
      [],
    ),
    gcloud: v.optional(
      flag(
        "Mode `google`: also accept the tokens that gcloud makes for people; they carry no audience of this service.",
      ),
      true,
    ),
    clientIds: v.optional(texts("Mode `google`: other OAuth clients whose access tokens are accepted."), []),
    jwksUrl: v.optional(
      text("Mode `google`, for tests: where the keys are; http on loopback only.", {
        secret: true,
        fallback: "Google's keys",
      }),
    ),
    tokenInfoUrl: v.optional(
      text("Mode `google`, for tests: who tells about access tokens; http on loopback only.", {
        secret: true,
        fallback: "Google's",
      }),
    ),
    trustedProxies: v.optional(
      integer(
        "How many proxies in front append to X-Forwarded-For.",
        { min: 0, max: 10 },
        "`0`; `1` on Cloud Run",
      ),
    ),
    limits: v.optional(
      v.strictObject(
        {
          perPrincipal: v.optional(integer("Requests per second of each caller with a token.", RATE), 100),
          perAddress: v.optional(integer("Requests per second of each address without one.", RATE), 20),
        },
        MAPPING,
      ),
      {},
    ),
  },
  MAPPING,
);

export type ParsedAccess = v.InferOutput<typeof accessSchema>;
