import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { searchReaders } from "../../../src/env-lint/search.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "greenlight-search-"));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const search = (
  names: readonly string[],
  roots: readonly string[] = ["."],
  signal = new AbortController().signal,
) => searchReaders({ cwd: folder, roots, names, signal });

const READS = "process.env.MY_FLAG;\n";

test("what reads a flag is found below any root, however deep", async () => {
  write({ "src/a/b/c/d.ts": READS, "app/e.py": "os.environ['OTHER_FLAG']\n" });
  const { read, unreadable } = await search(["MY_FLAG", "OTHER_FLAG", "NO_FLAG"], ["src", "app"]);
  expect([...read].toSorted()).toEqual(["MY_FLAG", "OTHER_FLAG"]);
  expect(unreadable).toEqual([]);
});

test("a root may be one file", async () => {
  write({ "deploy/Dockerfile": 'RUN test "$MY_FLAG"\n' });
  expect([...(await search(["MY_FLAG"], ["deploy/Dockerfile"])).read]).toEqual(["MY_FLAG"]);
});

test("what was installed or built, other files, binary and huge ones do not count", async () => {
  write({
    "node_modules/x/a.js": READS,
    ".git/hooks/a.sh": "$MY_FLAG",
    "dist/a.js": READS,
    ".venv/lib/a.py": "os.environ['MY_FLAG']",
    "README.md": "MY_FLAG",
    ".env": "MY_FLAG=1",
    "image.py": Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(READS)]),
    "bundle.js": `${" ".repeat(3 * 1024 * 1024)}${READS}`,
  });
  expect((await search(["MY_FLAG"])).read.size).toBe(0);
});

test("a loop of links ends, and a link to a file outside is followed", async () => {
  write({ "src/a.ts": "x\n", "shared/b.ts": READS });
  symlinkSync("..", join(folder, "src/up"));
  symlinkSync("self.ts", join(folder, "src/self.ts"));
  expect((await search(["MY_FLAG"], ["src"])).read.size).toBe(0);
  symlinkSync("../shared/b.ts", join(folder, "src/b.ts"));
  expect([...(await search(["MY_FLAG"], ["src"])).read]).toEqual(["MY_FLAG"]);
});

test.skipIf(process.getuid?.() === 0)(
  "a folder that may not be read is told, and the rest is searched",
  async () => {
    write({ "src/closed/a.ts": "x\n", "src/open/b.ts": READS });
    chmodSync(join(folder, "src/closed"), 0o000);
    const { read, unreadable } = await search(["MY_FLAG", "NO_FLAG"], ["src"]);
    chmodSync(join(folder, "src/closed"), 0o755);
    expect([...read]).toEqual(["MY_FLAG"]);
    expect(unreadable).toEqual(["src/closed"]);
  },
);

test("a root that is not there is told", async () => {
  write({ "src/b.ts": READS });
  expect(await search(["MY_FLAG", "NO_FLAG"], ["gone", "src"])).toMatchObject({ unreadable: ["gone"] });
});

test("a name behind a prefix is found by a second look", async () => {
  write({ "a.py": "class S:\n    strict_mode: bool\n", "b.py": 'Config(env_prefix="ACME_")\n' });
  expect([...(await search(["ACME_STRICT_MODE"])).read]).toEqual(["ACME_STRICT_MODE"]);
});

test("bytes of other encodings around a name do not hide it", async () => {
  write({
    "a.py": Buffer.concat([
      Buffer.from([0xe9, 0x20]),
      Buffer.from("os.environ['MY_FLAG'] "),
      Buffer.from([0xff]),
    ]),
  });
  expect([...(await search(["MY_FLAG"])).read]).toEqual(["MY_FLAG"]);
});

test("an abort ends it", async () => {
  write({ "src/a.ts": READS });
  const reason = new Error("enough");
  await expect(search(["MY_FLAG"], ["src"], AbortSignal.abort(reason))).rejects.toBe(reason);
});
