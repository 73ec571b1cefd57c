import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStatus, readWord, type Standing } from "../../../../services/dependencies/auth/status-words.ts";

describe("readStatus", () => {
  test.each<[string, Standing]>([
    ['{"status":"ok"}', "pass"],
    ['{"status":"UP","components":{"db":{"status":"UP"}}}', "pass"],
    ['{"status":"pass","version":"1"}', "pass"],
    ['{"status":{"status":"UP"}}', "pass"],
    ['{"health":{"state":"Healthy"}}', "pass"],
    ['{"healthy":true}', "pass"],
    ['{"ok":true,"uptime":12}', "pass"],
    ['"ok"', "pass"],
    ["true", "pass"],
    ["OK", "pass"],
    ["Healthy\n", "pass"],
    ["ready.", "pass"],
    ['{"status":"degraded"}', "degraded"],
    ['{"status":"Warning"}', "degraded"],
    ["Partial-Outage", "degraded"],
    ['{"status":"DOWN"}', "down"],
    ['{"status":"OUT_OF_SERVICE"}', "down"],
    ['{"status":"out of service"}', "down"],
    ['{"status":"starting"}', "down"],
    ['{"ok":false}', "down"],
    ["Unhealthy", "down"],
    ['{"status":"ok","healthy":false}', "down"],
    ['{"status":"ok","ready":false}', "down"],
    ["", "unknown"],
    ["{}", "unknown"],
    ["[]", "unknown"],
    ["null", "unknown"],
    ["200", "unknown"],
    ['{"status":200}', "unknown"],
    ['{"status":null}', "unknown"],
    ['{"status":"perhaps"}', "unknown"],
    ['{"status":"perhaps","ok":true}', "unknown"],
    ['{"status":["ok"]}', "unknown"],
    ['{"message":"ok"}', "unknown"],
    ["<html><body>ok</body></html>", "unknown"],
    ["not ok", "unknown"],
    ["ok but not really", "unknown"],
    ['{"__proto__":{"status":"ok"}}', "unknown"],
  ])("%s is %s", (body, standing) => {
    expect(readStatus(body).standing).toBe(standing);
  });

  test("case and spaces around a word do not matter", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("ok", "up", "degraded", "down", "unhealthy", "not_ready"),
        fc.constantFrom("", " ", "\n", "\t"),
        (word, space) => {
          const { standing } = readWord(word);
          expect(standing).not.toBe("unknown");
          expect(readWord(`${space}${word.toUpperCase()}${space}`).standing).toBe(standing);
          expect(readStatus(JSON.stringify({ status: word.toUpperCase() })).standing).toBe(standing);
        },
      ),
    );
  });

  test("it never throws, and gives a standing and a short word for any body", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (body) => {
        const { standing, word } = readStatus(body);
        expect(["pass", "degraded", "down", "unknown"]).toContain(standing);
        expect(word.length).toBeLessThanOrEqual(60);
      }),
    );
  });

  test("a word outside the table is never well", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,12}q[a-z]{0,3}$/), (word) => {
        expect(readStatus(JSON.stringify({ status: word })).standing).toBe("unknown");
      }),
    );
  });

  test("a deep or a circular-looking nesting ends", () => {
    const deep = `${'{"status":'.repeat(200)}"ok"${"}".repeat(200)}`;
    expect(readStatus(deep).standing).toBe("unknown");
  });
});
