// Loads the configuration, and with `context` as its argument also tells which environment this is. Then it ends.
import { useCompileCache } from "../../src/compile-cache.ts";

useCompileCache();
const { loadConfig } = await import("../../src/config/load.ts");
const { env } = process;
const loaded = await loadConfig({ env });
if (!loaded.ok) throw new Error("the configuration is wrong");
const from = performance.now();
let environment = "";
if (process.argv[2] === "context") {
  const { detectContext } = await import("../../src/context/detect-context.ts");
  const { signal } = new AbortController();
  const { config } = loaded;
  ({ environment } = await detectContext({ config, env, cwd: process.cwd(), probe: false, signal }));
}
process.stdout.write(JSON.stringify({ environment, ms: performance.now() - from }));
