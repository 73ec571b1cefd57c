import type { Detection } from "../../services/context/detect.ts";
import { gatherInputs, type GatherInput } from "./gather.ts";

/** Tells which environment this is, from here and now. */
export async function detectContext(input: GatherInput): Promise<Detection> {
  // The folder is read while the code is: together they are what this adds to a start.
  const [inputs, { detect }] = await Promise.all([
    gatherInputs(input),
    import("../../services/context/detect.ts"),
  ]);
  return detect(inputs, input.config.context);
}
