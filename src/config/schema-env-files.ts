/** Which env files there are, the lowest layer first. */
import * as v from "valibot";
import { DIALECTS } from "../../services/env-files/dialect.ts";
import { either } from "./either.ts";
import { MAPPING, choice, flag, text, texts } from "./values.ts";

const short = text("An env file, the lowest layer first; or a mapping that says more of it.", {
  fallback:
    "`.env`, `.env.local`, `.env.{environment}` and `.env.{environment}.local`, as far as they are there",
});

const layerMapping = v.strictObject(
  {
    path: text("The file, relative to that of the configuration."),
    dialect: v.optional(choice("Which program reads it.", DIALECTS), "dotenv"),
    extends: v.optional(text("Another file, which lies beneath this one.", { fallback: "none" })),
    required: v.optional(flag("Whether it is a fault when it is missing."), true),
  },
  "the path of a file, or a mapping with `path`",
);

const layerSchema = either([short, layerMapping], (input) =>
  typeof input === "string" ? short : layerMapping,
);

export const envFilesSchema = v.strictObject(
  {
    layers: v.optional(
      v.pipe(
        v.array(layerSchema, "a list of env files, the lowest first"),
        v.maxLength(100, "at most 100 files"),
      ),
    ),
    sources: v.optional(
      texts(
        "Folders, relative to the file of the configuration, in which `config lint` searches for what reads flags.",
        { fallback: "flags that nothing reads are not looked for" },
      ),
    ),
  },
  MAPPING,
);

export type ParsedEnvFiles = v.InferOutput<typeof envFilesSchema>;
