import { randomBytes } from "node:crypto";
import type { Clock } from "../../services/clock.ts";

/** Short enough to be typed, in the order of time, and never the same twice: `run-mig3k2x1-7f3a9c01`. */
export const newId = (clock: Pick<Clock, "now">): string =>
  `run-${Math.floor(clock.now()).toString(36)}-${randomBytes(4).toString("hex")}`;
