import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { readProcess } from "../../../src/gate/child-processes.ts";
import { endTree } from "../../../src/gate/child-tree.ts";

/** Becomes another program again and again, for some seconds. */
const RESTLESS = 'if [ "$1" -lt 5000 ]; then exec sh -c "$SCRIPT" sh "$(( $1 + 1 ))"; fi';

// For a moment, a process that becomes another program shows no variables (about one look in fifteen finds it so).
test.skipIf(!existsSync("/proc/self/environ"))(
  "what left the group is found while it becomes another program",
  async () => {
    for (let round = 0; round < 40; round += 1) {
      const variable = `GREENLIGHT_RUN_ID=restless-${round}`;
      const leader = spawn("sleep", ["60"], { detached: true });
      const startTicks = readProcess(leader.pid!)!.startTicks;
      const restless = spawn("sh", ["-c", RESTLESS, "sh", "0"], {
        detached: true,
        env: { PATH: process.env["PATH"], SCRIPT: RESTLESS, GREENLIGHT_RUN_ID: `restless-${round}` },
      });
      const ended = Promise.all([once(leader, "exit"), once(restless, "exit")]);
      try {
        leader.kill("SIGKILL");
        await once(leader, "exit");
        const { told } = await endTree({ leader: leader.pid!, startTicks, variable });
        expect(told.map(({ pid }) => pid)).toContain(restless.pid);
      } finally {
        restless.kill("SIGKILL");
      }
      await ended;
    }
  },
);
