import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { dockerVersion, openDockerClient } from "./docker-client.ts";
import { comparable, outcomeOf, readRecording, VARIABLES } from "./outcome.ts";
import { envText } from "./texts.ts";

test("what docker made of each recorded text is what is read here", () => {
  const { program, rows } = readRecording("docker");
  expect(program).toMatch(/^docker \d/);
  expect(rows.length).toBeGreaterThan(300);
  for (const { text, outcome } of rows)
    expect(comparable(outcomeOf("docker", text)), JSON.stringify(text)).toEqual(comparable(outcome));
});

const version = dockerVersion();
const reason = version === undefined ? "skipped: no docker client is installed" : `docker ${version}`;

describe.skipIf(version === undefined)(`the docker client of this machine (${reason})`, async () => {
  const docker = version === undefined ? undefined : await openDockerClient(VARIABLES);
  afterAll(async () => docker?.close());

  test("reads texts that nobody has looked at as they are read here", async () => {
    for (const text of fc.sample(envText, 25))
      expect(comparable(outcomeOf("docker", text)), JSON.stringify(text)).toEqual(
        comparable((await docker?.read(text)) ?? { refused: "no client" }),
      );
  });

  test.each([
    ["the longest line", `A=${"x".repeat(65_533)}`],
    ["a line one longer", `A=${"x".repeat(65_534)}`],
    ["the longest line with a carriage return", `A=${"x".repeat(65_532)}\r\nB=1`],
    ["a long line of characters of two bytes", `A=1\nA=${"ü".repeat(32_767)}`],
  ])("agrees on %s", async (_what, text) => {
    expect(comparable((await docker?.read(text)) ?? { refused: "no client" })).toEqual(
      comparable(outcomeOf("docker", text)),
    );
  });
});
