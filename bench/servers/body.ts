import { readFileSync } from "node:fs";

/** The answer that the bare servers give: one of Greenlight's own, handed in as a file named by BODY_FILE. */
export function readBody(): { text: string; object: unknown } {
  const text = readFileSync(process.env.BODY_FILE ?? "", "utf8");
  return { text, object: JSON.parse(text) };
}

/** Where to listen. */
export function readPort(): number {
  return Number(process.env.PORT);
}
