import { describe, expect, test } from "vitest";
import { knock } from "../../services/net/connect.ts";
import { dependencyFor, diagnose, expectCause, optionsFor } from "../support/diagnose.ts";
import { runWithOtherFile } from "../support/other-file.ts";

const kinds = ["http", "websocket", "tcp"] as const;
type Kind = (typeof kinds)[number];
const schemes: Record<Kind, string> = { http: "http", websocket: "ws", tcp: "tcp" };

describe.each(kinds)("the address of %s", (kind) => {
  test.each([
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.1",
    "metadata.google.internal",
    "metadata.google.internal.",
    "metadata",
  ])("%s is ADDRESS_FORBIDDEN at the rung resolve, and nobody is asked", async (host) => {
    const diagnosis = await diagnose(kind, { url: `${schemes[kind]}://${host}:80` });
    expectCause(diagnosis, "ADDRESS_FORBIDDEN");
    expect(diagnosis.ladder.cause?.rung).toBe("resolve");
    expect(diagnosis.observed).toBe("ADDRESS_FORBIDDEN");
  });

  test("that is forbidden is not knocked at either", async () => {
    const { target } = await dependencyFor(kind, { url: `${schemes[kind]}://169.254.169.254:80` });
    const { signal } = new AbortController();
    const started = performance.now();
    expect(await knock({ endpoint: target.endpoint, ms: 10_000, signal })).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe.each(["2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "0"])(
  "the address spelled %s",
  (spelled) => {
    test.each(["http", "websocket"] as const)("is ADDRESS_FORBIDDEN to %s", async (kind) => {
      expectCause(await diagnose(kind, { url: `${schemes[kind]}://${spelled}/` }), "ADDRESS_FORBIDDEN");
    });
  },
);

/** Climbs the ladder, observes and knocks, in a process of its own, and prints what came of it. */
const childScript = `
  import { createDependency } from "./services/dependencies/create.ts";
  import { climbLadder } from "./services/probe/ladder.ts";
  import { createObserver } from "./services/probe/observer.ts";
  import { knock } from "./services/net/connect.ts";
  import { systemClock as clock } from "./services/clock.ts";
  const { signal } = new AbortController();
  for (const options of JSON.parse(process.env.OPTIONS)) {
    const dependency = await createDependency(options);
    const ladder = await climbLadder({ dependency, clock, signal });
    const observer = createObserver({ dependency, clock, onLost() {} });
    const observation = await observer.observe(signal);
    observer.close();
    const answers = await knock({ endpoint: dependency.target.endpoint, ms: 500, signal });
    console.log(JSON.stringify({ ladder, observation, answers }));
  }
  process.exit();
`;

describe("a name that resolves to the metadata server", () => {
  test("is ADDRESS_FORBIDDEN at resolve, in the connection itself and to a knock", async (context) => {
    const options = kinds.map((kind) =>
      optionsFor(kind, { url: `${schemes[kind]}://innocent.example.com:80` }),
    );
    const content = "127.0.0.1 localhost\n169.254.169.254 innocent.example.com\n";
    const given = { file: "/etc/hosts", content, script: childScript, options };
    const stdout = await runWithOtherFile(given, context);
    const found = stdout.trim().split("\n");
    expect(found).toHaveLength(kinds.length);
    for (const line of found) {
      expect(JSON.parse(line)).toMatchObject({
        ladder: { cause: { code: "ADDRESS_FORBIDDEN", rung: "resolve" } },
        observation: { cause: { code: "ADDRESS_FORBIDDEN", rung: "resolve" } },
        answers: false,
      });
    }
  });
});
