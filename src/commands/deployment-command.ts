import type { Command } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import type { CheckDeploymentOptions } from "./check-deployment.ts";
import type { OutputOptions } from "./context.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";

const EXIT_CODES = (
  [
    [EXIT.ok, "deployed as it should be, or a manifest without errors"],
    [EXIT.usage, "wrong arguments"],
    [EXIT.findings, "--manifest only: it has errors"],
    [EXIT.unavailable, "not deployed as it should be"],
    [EXIT.temporary, "not yet, or it cannot be told"],
    [EXIT.config, "the configuration is wrong, or does not say which service is meant"],
  ] as const
)
  .map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`)
  .join("\n");

/** Adds `deployment` below `check`. */
export function addDeployment(check: Command, actions: ProgramActions): void {
  withOutput(
    check
      .command("deployment")
      .description("say whether the Cloud Run service is deployed as it should be; or lint its manifest"),
  )
    .option("-c, --config <path>", CONFIG)
    .option("--image <name>", "the image it has to run")
    .option("--release <name>", "the release it has to be: a version or a commit")
    .option("-u, --url <url>", "where the service is asked; default: its address on run.app")
    .option("--manifest <file>", "lint this cloudrun.yaml instead, and ask nobody")
    .addHelpText("after", `\nExit codes:\n${EXIT_CODES}`)
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight check deployment --manifest cloudrun.yaml",
        "greenlight check deployment --release 1.4.0",
        'greenlight check deployment --image "$IMAGE" --json',
      ]),
    )
    .action((options: CheckDeploymentOptions, command: Command) =>
      actions.run(async (context) =>
        (await import("./check-deployment.ts")).checkDeployment(context, all(options, command)),
      ),
    );
}

/** With what `check` itself was given: Commander hands it the options that both know, though they stand behind `deployment`. */
function all(options: CheckDeploymentOptions, command: Command): CheckDeploymentOptions {
  const { config, url, json, color } = command.parent?.opts<OutputOptions & CheckDeploymentOptions>() ?? {};
  return {
    ...(config !== undefined && { config }),
    ...(url !== undefined && { url }),
    ...(json !== undefined && { json }),
    ...options,
    color: color !== false && options.color !== false,
  };
}
