import { readdir } from "node:fs/promises";

/** `.env`, `.env.local`, `.env.staging`, …; not what editors and backups leave. */
const ENV_FILE = /^\.env(?:\.[\w-]+)*$/;
const LEFT_BEHIND = /\.(?:bak|backup|orig|old|save|swp|tmp|gpg|enc|age|keys|vault)$/;

/** The env files of a folder, lowest first as Vite and Next.js have them: `.env`, `.env.local`, `.env.X`, `.env.X.local`. */
export async function discoverEnvFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  return names
    .filter((name) => ENV_FILE.test(name) && !LEFT_BEHIND.test(name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function rank(name: string): number {
  const isLocal = name.endsWith(".local");
  const isNamed = name !== ".env" && name !== ".env.local";
  return Number(isNamed) * 2 + Number(isLocal);
}
