/** What a running service says; its answers are checked like any other input. */
import * as v from "valibot";
import { parseExplanation } from "../views/explanation.ts";
import type { DependencyReport, Report } from "../views/report.ts";
import { EXIT } from "../exit-codes.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { isVerdict } from "./problem.ts";
import { type Answer, createServiceClient, type ServiceClient } from "./service-client.ts";
import { unknownName } from "./unknown-name.ts";

const healthSchema = v.object({
  checks: v.record(
    v.string(),
    v.pipe(v.array(v.object({ componentId: v.string(), required: v.optional(v.boolean()) })), v.minLength(1)),
  ),
});

const unknownSchema = v.object({
  code: v.literal("UNKNOWN_DEPENDENCY"),
  known: v.array(v.string()),
  suites: v.optional(v.array(v.string()), []),
});

/**
 * Asks for the explanation of one dependency, or of all that the service observes.
 *
 * @throws {CliError} when the service cannot be asked or its answer cannot be used.
 */
export async function askService(
  context: CommandContext,
  { url, dependency }: { url: string; dependency: string | undefined },
): Promise<Pick<Report, "vantage" | "dependencies">> {
  const client = createServiceClient(context, { url });
  const wanted =
    dependency === undefined ? await listDependencies(client) : [{ name: dependency, required: undefined }];
  const dependencies = await Promise.all(
    wanted.map(async (each) => readExplanation(client, await askAbout(client, each.name), each)),
  );
  return { vantage: { kind: "service", url: client.shown }, dependencies };
}

/** A dependency that a service observes. */
export interface Wanted {
  readonly name: string;
  readonly required: boolean | undefined;
}

/** All that it observes. @throws {CliError} when it cannot be asked. */
export async function listDependencies(client: ServiceClient): Promise<Wanted[]> {
  const answer = await client.get("/health", isVerdict);
  // An unfit environment is a 503 whose body is as good as that of a 200.
  if (answer.status !== 503) client.expectOk(answer);
  const { checks } = trust(client, answer, (body) => v.parse(healthSchema, body));
  return Object.values(checks).flatMap(([check]) =>
    check ? [{ name: check.componentId, required: check.required }] : [],
  );
}

export const askAbout = (client: ServiceClient, name: string): Promise<Answer> =>
  client.get(`/why/${encodeURIComponent(name)}`);

/** @throws {CliError} for what it does not know, and for an answer that cannot be used. */
export function readExplanation(
  client: ServiceClient,
  answer: Answer,
  { name, required }: Wanted,
): DependencyReport {
  refuseUnknown(client, answer, name);
  const explanation = trust(client, answer, (body) => parseExplanation(body));
  return required === undefined ? explanation : { ...explanation, required };
}

/** @throws {CliError} unless it answered about that name. */
export function refuseUnknown(client: ServiceClient, answer: Answer, name: string): void {
  const unknown = v.safeParse(unknownSchema, answer.body);
  if (answer.status === 404 && unknown.success)
    throw unknownName("dependency or suite", name, {
      known: [...new Set([...unknown.output.known, ...unknown.output.suites])],
    });
  client.expectOk(answer);
}

/** What `parse` makes of the answer. @throws {CliError} when it is of another shape. */
export function trust<T>({ shown }: ServiceClient, { path, body }: Answer, parse: (body: unknown) => T): T {
  try {
    return parse(body);
  } catch (cause) {
    const hint = "Check that the URL is that of a Greenlight service, and that both have the same version.";
    throw new CliError(EXIT.unavailable, `${shown}${path} answered with JSON of another shape.`, {
      cause,
      hint,
    });
  }
}
