import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXACT_TAG, parseDockerfile } from "./dockerfile.ts";

const stages = parseDockerfile(readFileSync("Dockerfile", "utf8"));
const runtime = stages.at(-1);
const texts = (name: string, stage = runtime) =>
  (stage?.instructions ?? []).filter((instruction) => instruction.name === name).map(({ text }) => text);

function execForm(text: string | undefined): string[] {
  const list: unknown = JSON.parse(text ?? "null");
  if (!Array.isArray(list)) throw new Error(`not exec form: ${text}`);
  return list.map(String);
}

/** `dist/server.js` → `src/server.ts`. */
const sourceOf = (bundled: string) => bundled.replace(/^dist\//, "src/").replace(/\.js$/, ".ts");

describe("Dockerfile", () => {
  test("builds in stages of exact version, all of the Node that development uses", () => {
    expect(stages.map((stage) => stage.alias)).toEqual(["build", "dependencies", "runtime"]);
    for (const { image } of stages) expect(image).toMatch(EXACT_TAG);
    expect(new Set(stages.map((stage) => stage.image)).size).toBe(1);
    const lock: unknown = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const version = /:(\d+\.\d+\.\d+)/.exec(stages[0]?.image ?? "")?.[1];
    expect(lock).toHaveProperty(["packages", "node_modules/node", "version"], version);
  });

  test("installs what the lock file says, with no scripts and no development dependencies", () => {
    const [build, dependencies] = stages;
    expect(texts("RUN", build)).toEqual(["npm ci --ignore-scripts", "npm run build"]);
    expect(texts("RUN", dependencies)).toEqual(["npm ci --omit=dev --ignore-scripts"]);
  });

  test("runs as a numbered user that is not root", () => {
    const [user = ""] = texts("USER");
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const names = runtime?.instructions.map(({ name }) => name) ?? [];
    expect(names.indexOf("USER")).toBeLessThan(names.indexOf("CMD"));
    expect(names.lastIndexOf("COPY")).toBeLessThan(names.indexOf("USER"));
  });

  test("starts Node directly, with a source for the file it names", () => {
    const [program, ...rest] = execForm(texts("CMD")[0]);
    const file = rest.at(-1) ?? "";
    expect(program).toBe("node");
    expect(rest.slice(0, -1)).toEqual(["--max-semi-space-size=8"]);
    expect(file).toBe("dist/server.js");
    expect(existsSync(sourceOf(file))).toBe(true);
  });

  test("checks its health in exec form, with a source for the file it names", () => {
    const [health = ""] = texts("HEALTHCHECK");
    const [program, file = "", command] = execForm(/CMD (\[.*\])$/.exec(health)?.[1]);
    expect([program, file, command]).toEqual(["node", "dist/cli.js", "healthcheck"]);
    expect(existsSync(sourceOf(file))).toBe(true);
  });

  test("copies from stages that exist, and from a context that is not ignored", () => {
    const ignore = readFileSync(".dockerignore", "utf8").split("\n");
    expect(ignore).toContain("*");
    for (const stage of stages) {
      for (const text of texts("COPY", stage)) {
        const [, from, paths = ""] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
        if (from) expect(stages.map(({ alias }) => alias)).toContain(from);
        else {
          const sources = paths.split(" ").slice(0, -1);
          for (const source of sources) expect(ignore).toContain(`!${source.replace(/^\.\//, "")}`);
          for (const source of sources) expect(existsSync(source)).toBe(true);
        }
      }
    }
  });

  test("holds package.json beside dist, and says production and the port", () => {
    expect(texts("COPY")).toEqual([
      "package.json ./",
      "--from=dependencies /app/node_modules ./node_modules",
      "--from=build /app/dist ./dist",
    ]);
    expect(texts("ENV").join(" ")).toContain("NODE_ENV=production");
    expect(texts("EXPOSE")).toEqual(["8080"]);
  });
});
