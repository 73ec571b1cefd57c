import { spawnSync } from "node:child_process";

const SCRIPT = `
import json, os, sys, tempfile, logging
logging.disable(logging.CRITICAL)
from dotenv.main import DotEnv
out = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, ".env")
    for text in json.load(sys.stdin):
        with open(path, "wb") as file:
            file.write(text.encode("utf-8"))
        out.append(list(DotEnv(path, encoding="utf-8", override=False).dict().items()))
json.dump(out, sys.stdout)
`;

/** What the system's python-dotenv reads in each of the texts, as `load_dotenv` does. */
export function readWithPythonDotenv(
  texts: readonly string[],
  variables: Readonly<Record<string, string>>,
): Record<string, string | null>[] {
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-I", "-c", SCRIPT], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    env: { ...variables },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`python-dotenv failed: ${stderr}`);
  // Pairs, since JSON.parse of Node 24 takes a key with an escape for one of `\\` when an object before had that key.
  const files = JSON.parse(stdout) as [string, string | null][][];
  return files.map((pairs) => Object.fromEntries(pairs));
}
