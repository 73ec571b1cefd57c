import { telling } from "../../context/host.ts";
import { createReadName, type ReadName } from "../../context/labels.ts";
import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { environmentOfFile, isTemplate } from "../file-name.ts";
import type { LintInput, Occurrence } from "../input.ts";
import { readServer } from "../server.ts";
import { lastOfEach, placeOf, subjectOf } from "../stack.ts";

/**
 * Values of production in a file of another environment: hosts, projects, buckets and databases whose name says it with a
 * whole label, live payment keys, and keys such as `APP_ENV=production`. Not reported: files that name no environment
 * while none is declared, `NODE_ENV`, `RAILS_ENV` and their like, which name a way of building, and names in which
 * another environment stands too (`staging-prod-mirror`, `nonprod`).
 */
export function production({ files, environment, labels = {} }: LintInput): readonly Finding[] {
  const readName = createReadName({ labels });
  return files
    .filter(({ path }) => !isTemplate(path))
    .flatMap((file) => {
      const meant = environmentOfFile(file.path) ?? environment;
      if (meant === undefined || meant === "unknown" || readName(meant).production) return [];
      return lastOfEach(file).flatMap((at) => judge(at, meant, readName));
    });
}

const IDENTITY =
  /^(?:(?:APP|DEPLOY|DEPLOYMENT|SERVICE|TARGET|RUNTIME|SENTRY|DD|GREENLIGHT)_)?(?:ENV|ENVIRONMENT|STAGE|TIER)$/;
const HOST = /(?:^|_)(?:HOST|HOSTNAME)$/;
const NAMED =
  /(?:^|_)(?:PROJECT|PROJECT_ID|BUCKET|BUCKET_NAME|DATABASE|DB_NAME|DBNAME|CLUSTER|INSTANCE|NAMESPACE|DATASET|QUEUE|TOPIC)$/;

function judge(at: Occurrence, meant: string, readName: ReadName): readonly Finding[] {
  const why = at.composed ? undefined : reason(at, readName);
  if (why === undefined) return [];
  const { key } = at.entry;
  return [
    createFinding({
      code: "ENV_PRODUCTION_VALUE",
      subject: subjectOf(at),
      message: `${key} is production's, in a file of ${meant}: ${why}.`,
      place: placeOf(at),
      evidence: [`${at.file.path} is of ${meant}`],
      facts: { key, environment: meant },
    }),
  ];
}

function reason({ entry: { key }, value }: Occurrence, readName: ReadName): string | undefined {
  const text = value.trim();
  if (/^(?:sk|rk|pk)_live_/.test(text)) return "it is a live key";
  if (IDENTITY.test(key)) return saysProduction(text, readName) ? "it says so" : undefined;
  const server = readServer(text);
  if (server && isProductionHost(server.host, readName)) return "its host says so";
  const isWeb = server !== undefined && /^(?:https?|wss?)$/.test(server.scheme);
  if (server?.database !== undefined && !isWeb && saysProduction(server.database, readName))
    return "its database says so";
  if (HOST.test(key)) return isProductionHost(text, readName) ? "its name says so" : undefined;
  return NAMED.test(key) && /^[\w.:/-]+$/.test(text) && saysProduction(text, readName)
    ? "its name says so"
    : undefined;
}

const saysProduction = (name: string, readName: ReadName): boolean => readName(name).says === "production";

const isProductionHost = (host: string, readName: ReadName): boolean =>
  saysProduction(
    telling(host, (label) => readName(label).labels.length > 0),
    readName,
  );
