import { detect, type Detection } from "../../services/context/detect.ts";
import { gatherInputs, type GatherInput } from "./gather.ts";

/** Tells which environment this is, from here and now. */
export async function detectContext(input: GatherInput): Promise<Detection> {
  return detect(await gatherInputs(input), input.config.context);
}
