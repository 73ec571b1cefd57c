import { ExplanationBody } from "./schemas.ts";

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;

const Evidence = {
  type: "object",
  required: ["kind", "source", "found"],
  properties: {
    kind: { type: "string", enum: ["observation", "rung", "api", "config", "finding"] },
    source: { ...text, description: "What was asked." },
    found: { ...text, description: "What it showed. Never a secret." },
  },
} as const;

const Action = {
  type: "object",
  description: "What a plan can do about it.",
  required: ["kind", "params"],
  properties: { kind: text, params: { type: "object", additionalProperties: true } },
} as const;

const Chain = {
  type: "object",
  required: ["subject", "dependencies", "links", "root", "ruledOut", "missing", "notHelpful", "confidence"],
  properties: {
    subject: {
      type: "object",
      required: ["kind", "name"],
      properties: { kind: { type: "string", enum: ["suite", "dependency"] }, name: text },
    },
    dependencies: { ...texts, description: "All that fail for this reason." },
    links: {
      type: "array",
      description: "From the symptom down to the root cause.",
      minItems: 1,
      maxItems: 5,
      items: {
        type: "object",
        required: ["statement", "evidence"],
        properties: { statement: text, evidence: { type: "array", items: Evidence } },
      },
    },
    root: {
      type: "object",
      required: ["code", "title", "explanation", "owner", "remedies", "actions"],
      properties: {
        code: text,
        title: text,
        explanation: text,
        owner: text,
        remedies: texts,
        actions: { type: "array", items: Action },
      },
    },
    ruledOut: {
      type: "array",
      items: {
        type: "object",
        required: ["code", "evidence"],
        properties: { code: text, evidence: Evidence },
      },
    },
    missing: {
      type: "array",
      description: "Facts that nobody could read, and that would tell more.",
      items: { type: "object", required: ["what", "because"], properties: { what: text, because: text } },
    },
    notHelpful: {
      type: "array",
      description: "Remedies that people try, and that do not help here.",
      items: { type: "object", required: ["remedy", "because"], properties: { remedy: text, because: text } },
    },
    confidence: { type: "string", enum: ["certain", "likely", "none"] },
  },
} as const;

const chains = {
  type: "array",
  description: "One for each root cause, the one to begin with first.",
  items: Chain,
} as const;

const cloud = {
  type: "object",
  description: "How recent what is told of the cloud is; it is read in the background.",
  required: ["state", "refreshing"],
  properties: {
    state: { type: "string", enum: ["none", "reading", "known"] },
    ageMs: { type: "integer" },
    refreshing: { type: "boolean" },
  },
} as const;

export const WhyBody = {
  ...ExplanationBody,
  required: [...ExplanationBody.required, "chains", "cloud"],
  properties: { ...ExplanationBody.properties, chains, cloud },
} as const;

export const SuiteWhyBody = {
  type: "object",
  required: ["suite", "verdict", "summary", "chains", "cloud"],
  properties: {
    suite: text,
    verdict: { type: "string", enum: ["go", "wait", "stop", "inconclusive"] },
    summary: text,
    chains,
    cloud,
  },
} as const;
