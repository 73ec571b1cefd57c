/** The faults, and what each does. Connections that fell silent stay silent until their client closes them. */
export const faultModes = {
  none: "passes everything on",
  refuse: "resets existing connections and refuses new ones",
  blackhole: "existing connections fall silent for ever; new ones are accepted and get silence",
  "blackhole-established": "existing connections fall silent for ever; new ones work",
  reset: "existing connections are reset within the next answer, new ones after their first bytes",
  latency: "delays each direction by `ms` (default 200)",
  drip: "passes one byte of the answers every `ms` (default 1000)",
  garbage: "replaces the bytes of the answers by random ones",
} as const;

export type FaultMode = keyof typeof faultModes;

/** A mode with its milliseconds. */
export interface Fault {
  mode: FaultMode;
  ms: number;
}

/** Tells whether a text names a mode. */
export function isFaultMode(text: unknown): text is FaultMode {
  return typeof text === "string" && Object.hasOwn(faultModes, text);
}
