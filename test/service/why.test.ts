import { afterAll, expect, test } from "vitest";
import { startScenario } from "../../src/sandbox/gcp/scenario.ts";
import type { ChainView, CloudView } from "../../src/views/chain-view.ts";
import { runCli } from "../cli/run-cli.ts";
import { ask } from "./ask.ts";
import { found } from "./found.ts";
import { spawnServer } from "./spawned.ts";

const scenario = await startScenario("vpc-missing");
afterAll(() => scenario.close());

interface Answer {
  readonly verdict?: string;
  readonly summary: string;
  readonly chains: readonly ChainView[];
  readonly cloud: CloudView;
}

test("a service names the root cause of a suite and of a dependency, in 50 ms from what it knows, and its age", async () => {
  const { url } = await spawnServer({ env: { ...scenario.variables }, cwd: scenario.folder });
  const why = async (name: string): Promise<Answer> => {
    const answer = await ask(`${url}/why/${name}`);
    expect(answer.status).toBe(200);
    return answer.body as unknown as Answer;
  };
  // What is being read leads to no conclusion.
  const early = await found(async () => {
    const body = await why("database").catch(() => undefined);
    return body !== undefined && body.chains.some(({ root }) => root.code !== "NOT_SETTLED") ? body : false;
  });
  expect(["UNDETERMINED", "NO_VPC_EGRESS"]).toContain(early.chains[0]?.root.code);
  const known = await found(async () => {
    const body = await why("database");
    return body.cloud.state === "known" && body.chains.length > 0 ? body : false;
  });
  expect(known.chains.map(({ root }) => root.code)).toEqual(["NO_VPC_EGRESS"]);
  expect(known.summary).toContain("NO_VPC_EGRESS");
  expect(known.cloud.ageMs).toBeLessThan(30_000);
  expect((await why("postgres")).chains[0]?.root.code).toBe("NO_VPC_EGRESS");
  const unknown = await ask(`${url}/why/databse`);
  expect(unknown).toMatchObject({ status: 404, body: { code: "UNKNOWN_DEPENDENCY", known: ["postgres"] } });
  const told = await runCli(["why", "database", "--url", url, "--json"]);
  expect(JSON.parse(told.stdout)).toMatchObject({
    suite: "database",
    vantage: { kind: "service" },
    chains: [{ root: { code: "NO_VPC_EGRESS" } }],
    dependencies: [{ dependency: "postgres" }],
  });
  expect((await runCli(["why", "postgres", "--url", url])).stdout).toContain("Why: NO_VPC_EGRESS");
});
