import { createRequire } from "node:module";
import type { FastifySchemaCompiler } from "fastify";
import type { Ajv, ValidateFunction } from "ajv";

/**
 * Validates with Ajv, loaded when the first request that carries something to validate arrives: most callers send no
 * query, and loading and compiling would take a fifth of the time to start.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<Record<string, unknown>> {
  const require = createRequire(import.meta.url);
  let ajv: Ajv | undefined;
  return function compile({ schema }) {
    let validate: ValidateFunction | undefined;
    return function validateLazily(data: unknown) {
      if (isEmpty(data) && schema.required === undefined) return true;
      ajv ??= new (require("ajv") as typeof import("ajv")).Ajv({ allErrors: true, strict: false });
      validate ??= ajv.compile(schema);
      return validate(data)
        ? true
        : { error: Object.assign(new Error("invalid"), { validation: validate.errors }) };
    };
  };
}

function isEmpty(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return true;
  for (const _name in data) return false;
  return true;
}
