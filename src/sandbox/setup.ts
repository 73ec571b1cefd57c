// The one install script: what the sandbox, the tests and the bench need beyond npm packages.
// Does nothing, quickly, when all is there. `--bench` also asks for wrk, `--browser` for a browser where there can be one.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { findBinary } from "./binaries.ts";

interface Tool {
  /** Any of these programs, or a file of these paths, will do. */
  programs: readonly string[];
  apt: string;
  /** Absent: not needed elsewhere than on Debian and its relatives. */
  brew?: string;
}

const redis: Tool = { programs: ["redis-server", "valkey-server"], apt: "redis-server", brew: "redis" };
const wrk: Tool = { programs: ["wrk"], apt: "wrk", brew: "wrk" };
// For the tests of `greenlight run`, with the system's own Python: what else a machine has may lack one of them.
const modules = "/usr/lib/python3/dist-packages";
const pytest: Tool[] = [
  { programs: [`${modules}/pytest/__init__.py`], apt: "python3-pytest" },
  { programs: [`${modules}/xdist/__init__.py`], apt: "python3-pytest-xdist" },
  { programs: [`${modules}/psycopg2/__init__.py`], apt: "python3-psycopg2" },
];
// For the tests that compare our reading of env files with python-dotenv's own.
const pythonDotenv: Tool = { programs: [`${modules}/dotenv/__init__.py`], apt: "python3-dotenv" };
// For the tests of the dashboard. Ubuntu's package is a snap, which runs in no container.
const browser: Tool = { programs: ["chromium", "chromium-browser", "google-chrome"], apt: "chromium" };
const exitUnavailable = 69;
const exitUsage = 64;

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => flag !== "--bench" && flag !== "--browser");
if (unknown !== undefined) {
  stop(exitUsage, `Unknown flag ${unknown}. Known: --bench, --browser`);
}
checkNode();
const wanted = [redis, ...pytest, pythonDotenv, ...(flags.includes("--bench") ? [wrk] : [])];
const trouble = setUp(wanted.filter(({ brew }) => process.platform !== "darwin" || brew !== undefined));
if (trouble !== undefined) {
  stop(exitUnavailable, trouble);
}
if (flags.includes("--browser")) {
  setUpBrowser();
}

function checkNode(): void {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 24) {
    stop(
      exitUnavailable,
      `This is Node ${process.versions.node}; Node 24 is needed and comes with the packages. Run: npm run setup`,
    );
  }
}

/** Nothing depends on it but tests that say when they are skipped. */
function setUpBrowser(): void {
  const failure = isDebian() || isThere(browser) ? setUp([browser]) : "Install chromium by hand to have one.";
  if (failure !== undefined) {
    say(`Without a browser the dashboard is not tried in one. ${failure}`);
  }
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** What went wrong, with the command to run by hand; undefined when all is there. */
function setUp(tools: readonly Tool[]): string | undefined {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) {
    return undefined;
  }
  const command = installCommand(missing);
  if (command.kind === "manual") {
    return `${names(missing)} is missing and cannot be installed here. Run: ${command.run}`;
  }
  say(`Installing ${names(missing)} (once): ${command.steps.map((step) => step.join(" ")).join(" && ")}`);
  for (const [program = "", ...args] of command.steps) {
    const result = spawnSync(program, args, { encoding: "utf8", env: quietEnvironment() });
    if (result.status !== 0) {
      say(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trim());
      return `That failed. Run it by hand: ${[program, ...args].join(" ")}`;
    }
  }
  const still = missing.filter((tool) => !isThere(tool));
  if (still.length > 0) {
    return `${names(still)} is still missing after the installation.`;
  }
  say(`Installed ${names(missing)}.`);
  return undefined;
}

type Command = { kind: "automatic"; steps: string[][] } | { kind: "manual"; run: string };

function installCommand(missing: readonly Tool[]): Command {
  const apt = missing.map((tool) => tool.apt);
  const brew = missing.flatMap((tool) => tool.brew ?? []);
  if (process.platform === "darwin") {
    return findBinary(["brew"])
      ? { kind: "automatic", steps: [["brew", "install", ...brew]] }
      : {
          kind: "manual",
          run: `brew install ${brew.join(" ")} (needs Homebrew, https://brew.sh), then npm run setup`,
        };
  }
  if (findBinary(["apt-get"]) === undefined) {
    return { kind: "manual", run: `your package manager for ${apt.join(" ")}, then npm run setup` };
  }
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (sudo.length > 0 && spawnSync("sudo", ["-n", "true"]).status !== 0) {
    const run = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${apt.join(" ")}`;
    return { kind: "manual", run };
  }
  const patient = ["-o", "DPkg::Lock::Timeout=120"];
  // RUNLEVEL=1: Debian's init scripts start nothing in single-user mode. systemd does not ask for it,
  // so there the service which the package has started is stopped and disabled.
  const quiet = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"];
  const steps = [
    [...sudo, "apt-get", ...patient, "update"],
    [...sudo, ...quiet, "apt-get", ...patient, "install", "-y", "--no-install-recommends", ...apt],
  ];
  if (existsSync("/run/systemd/system") && missing.includes(redis)) {
    steps.push([...sudo, "systemctl", "disable", "--now", "redis-server"]);
  }
  return { kind: "automatic", steps };
}

function quietEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, HOMEBREW_NO_AUTO_UPDATE: "1" };
}

function names(tools: readonly Tool[]): string {
  return tools.map((tool) => tool.apt).join(" and ");
}

function isThere({ programs }: Tool): boolean {
  return (
    programs.some((name) => name.startsWith("/") && existsSync(name)) || findBinary(programs) !== undefined
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function stop(code: number, text: string): never {
  say(text);
  process.exit(code);
}
