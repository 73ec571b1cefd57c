import { duration, json, moment, text } from "./schemas-gate.ts";
import { problemContent } from "./schemas.ts";

/** JSON Schemas of holds and leases; the OpenAPI document is made of them. */

const SuiteParams = { type: "object", required: ["suite"], properties: { suite: text } } as const;
const LeaseParams = {
  type: "object",
  required: ["suite", "id"],
  properties: { suite: text, id: text },
} as const;
const unknownSuite = problemContent("`UNKNOWN_SUITE`");
const badBody = problemContent("The body is not understood.");
const lost = problemContent("`LEASE_LOST`: it expired, was given up, or was never given here.");

const notStored = problemContent("`LEASE_NOT_STORED`: a store is configured and did not take it.");

const body = (properties: Record<string, unknown>) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

export const placeHoldSchema = {
  tags: ["gate"],
  summary: "Let nobody start the suite for a while; for operators",
  params: SuiteParams,
  body: body({
    reason: text,
    until: { ...text, description: "A time, or a duration such as `30m`; at most a day from now." },
  }),
  response: {
    200: json("It is held; a hold that was there is replaced.", {
      type: "object",
      required: ["suite", "reason", "by", "until", "durable"],
      properties: {
        suite: text,
        reason: text,
        by: text,
        until: moment,
        durable: { type: "boolean", description: "Whether it outlives a restart: a store is configured." },
      },
    }),
    400: badBody,
    404: unknownSuite,
    503: problemContent("`HOLD_NOT_STORED`: it is held by this process alone; see `hold`."),
  },
};

export const releaseHoldSchema = {
  tags: ["gate"],
  summary: "Release the suite; for operators",
  params: SuiteParams,
  response: {
    204: { description: "It is not held.", type: "null" },
    404: unknownSuite,
    503: problemContent("`HOLD_NOT_RELEASED`: the store did not take it, and it is held still."),
  },
} as const;

const ttl = duration("From 10s to 10m.");
const LeaseBody = {
  type: "object",
  required: ["id", "fence", "expiresAt"],
  properties: {
    id: { ...text, description: "Shown in `?lease=`; known to its holder alone." },
    fence: { type: "integer", description: "Greater than that of every earlier lease." },
    expiresAt: moment,
  },
} as const;

export const acquireLeaseSchema = {
  tags: ["gate"],
  summary: "Have the suite for one run alone",
  params: SuiteParams,
  body: body({ holder: text, ttl }),
  response: {
    201: json("It is given.", LeaseBody),
    400: badBody,
    404: unknownSuite,
    409: problemContent("`LEASED`: another has it; see `holder` and `expiresAt`."),
    503: notStored,
  },
};

export const renewLeaseSchema = {
  tags: ["gate"],
  summary: "Keep a lease",
  params: LeaseParams,
  body: body({ ttl }),
  response: {
    200: json("It is renewed.", LeaseBody),
    400: badBody,
    404: unknownSuite,
    409: lost,
    503: notStored,
  },
};

export const giveUpLeaseSchema = {
  tags: ["gate"],
  summary: "Give a lease up",
  params: LeaseParams,
  response: {
    204: { description: "It is given up.", type: "null" },
    404: unknownSuite,
    409: lost,
    503: notStored,
  },
} as const;
