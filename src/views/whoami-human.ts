import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";
import type { ServiceAnswer, WhoamiReport } from "./whoami-report.ts";

/** Whose token there is, what each source said, and what the service says to it. */
export function renderWhoami(report: WhoamiReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { credential, tried, service, audience } = report;
  const ok = report.exitCode === 0;
  const lines = [
    style.bold(style.status(ok ? "pass" : "fail", headline(report))),
    "",
    ...(credential === null ? [] : [...renderTable(facts(report)), ""]),
    ...(service === undefined ? [] : [...describeService(service, terminal), ""]),
    style.bold(`Sources, asked for ${clean(audience)}`),
    ...tried.flatMap(({ source, given, reason }) =>
      hang(
        `  ${given ? style.mark("pass") : "-"} `,
        `${source}${reason ? `: ${reason}` : ""}`,
        terminal.width,
        4,
      ),
    ),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function headline({ credential, service }: WhoamiReport): string {
  if (service?.outcome === "open") return `${clean(service.url)} asks nobody for a token.`;
  if (credential === null) return "No token can be had.";
  const whose =
    credential.email === undefined ? `A token from ${credential.source}` : clean(credential.email);
  if (service === undefined) return `${whose}, by ${credential.source}.`;
  return service.outcome === "accepted"
    ? `${whose}: ${clean(service.url)} accepts the token.`
    : `${whose}: ${clean(service.url)} does not accept the token.`;
}

function facts({ credential }: WhoamiReport) {
  if (credential === null) return [];
  const { source, kind, audiences, email, expiresAt, bound } = credential;
  const rows: [string, string][] = [
    ["source", source],
    ["kind", kind],
    ["says it is of", email === undefined ? "nobody by name" : `${clean(email)} (not verified here)`],
    [
      "says it is for",
      audiences.length === 0 ? "no audience" : audiences.map((each) => clean(each)).join(", "),
    ],
    ["good elsewhere", bound ? "no" : "yes: it is sent over https or to this machine only"],
    ["until", expiresAt ?? "it does not say"],
  ];
  return rows.map(([name, value]) => [{ text: `  ${name}` }, { text: value }]);
}

function describeService(service: ServiceAnswer, terminal: Terminal): string[] {
  const said = "code" in service && service.code !== undefined ? ` (${clean(service.code)})` : "";
  const status = "status" in service ? ` with ${service.status}${said}` : "";
  const detail = "detail" in service && service.detail ? `: ${clean(service.detail)}` : "";
  const refusedDetail = service.outcome === "refused" && service.status !== 401 && service.status !== 403;
  const outcome = refusedDetail ? "tells the verdict alone," : service.outcome;
  return [
    ...hang("  ", `${clean(service.url)}: ${outcome}${status}${detail}`, terminal.width),
    ...("run" in service && service.run ? [`  run instead: ${clean(service.run)}`] : []),
  ];
}
