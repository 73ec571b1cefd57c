/** The commands below `auth`. */
import type { Command } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import type { OutputOptions } from "./context.ts";
import { exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";
import type { WhoamiOptions } from "./whoami.ts";

export function addAuth(program: Command, actions: ProgramActions): void {
  const auth = program.command("auth").description("the tokens that services want");
  withOutput(
    auth
      .command("whoami")
      .description("say which token the other commands would send, of whom, for whom and until when"),
  )
    .option("-u, --url <url>", "the service it is for, which is asked too; default: GREENLIGHT_URL")
    .addHelpText("after", SOURCES)
    .addHelpText("after", WHOAMI_EXIT_CODES)
    .action((options: WhoamiOptions) =>
      actions.run(async (context) => (await import("./whoami.ts")).whoami(context, options)),
    );
  auth
    .command("new-token")
    .description(
      "make a token for access mode `token`: itself on stdout, the member for the configuration on stderr",
    )
    .argument("<name>", "whom or what it is for, such as ci")
    .option("--json", "both in one JSON object on stdout")
    .addHelpText("after", exampleHelp(["greenlight auth new-token ci > token.txt"]))
    .addHelpText("after", exitCodeHelp([EXIT.usage]))
    .action((name: string, options: OutputOptions) =>
      actions.run(async (context) =>
        (await import("./new-token.ts")).newToken(context, { ...options, name }),
      ),
    );
}

const SOURCES = `
A service is asked without a token first. When it wants one, these are tried in
turn, until one gives a token that the service accepts:
  1. GREENLIGHT_TOKEN, which is sent at once and alone
  2. the metadata server of Google Cloud
  3. application default credentials
  4. gcloud auth print-identity-token
A token that other services accept too goes over https or to this machine only.
The token itself is never shown.`;

const WHOAMI_EXIT_CODES = `
Exit codes:
  0    there is a token, and the service (if one is named) accepts it
  64   wrong arguments
  75   the service cannot be asked, or answers something else
  77   no token can be had, or the service refuses it`;
