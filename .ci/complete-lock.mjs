// Adds to package-lock.json the optional packages of other platforms that npm left out because the registry in use does
// not serve them: `npm ci` refuses a lock without them, on every platform. Run it after each `npm install`.
import { readFileSync, writeFileSync } from "node:fs";

const path = process.argv[2] ?? "package-lock.json";
const lock = JSON.parse(readFileSync(path, "utf8"));
const os = /(?:^|[-/])(android|darwin|freebsd|linux|openharmony|win32)(?=-)/;
const cpu = /-(arm64|x64|ia32|arm|ppc64|riscv64|s390x)(?=-|$)/;
let added = 0;
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined || !/^\d/.test(version)) continue;
    const base = name.split("/").at(-1);
    const libc = base.endsWith("-gnu") ? ["glibc"] : base.endsWith("-musl") ? ["musl"] : undefined;
    const system = os.exec(base)?.[1];
    const processor = cpu.exec(base)?.[1];
    if (system === undefined || processor === undefined) continue;
    lock.packages[key] = {
      version,
      cpu: [processor],
      ...(parent.dev ? { dev: true } : {}),
      ...(libc && system === "linux" ? { libc } : {}),
      optional: true,
      os: [system],
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${path}: ${added} packages of other platforms added\n`);
