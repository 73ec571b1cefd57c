import { readServer } from "./server.ts";

const WHOLE = [
  /^(?:todo|tbd|tba|fixme|placeholder|replace|changeit|\?{2,}|\.{3,}|\u2026|n\/a)$/i,
  /^(?:please[-_ ]?)?(?:change|replace|fill|update|edit|set)[-_ ]?(?:me|this|it|in|here)(?:[-_ .!].*)?$/i,
  /^(?:todo|tbd|fixme)\b/i,
  /^(?:insert|enter|put|paste|add|fill[-_ ]in|replace[-_ ]with|use)[-_ ](?:your|the|a|an|it|me|here|real|actual)\b/i,
  /^(?:my|your|the)[-_ ].*(?:here|goes[-_ ]here)$/i,
  /^your[-_ ]?(?:[a-z\d]+[-_ ])*(?:key|token|secret|password|id|domain|host|hostname|name|value|url|account|project|region|email|user|username|bucket)(?:[-_ ](?:with|at|of|for|from|long|min|max|\d+)\b.*)?$/i,
  /^<[^<>]*[a-z\u2026. ][^<>]*>$/i,
  /^(?:\{\{.+\}\}|\[\[.+\]\]|\[(?:your|insert|enter|replace)\b.*\]|__[A-Z\d_]+__|%[A-Z][A-Z\d_]+%|@[A-Z][A-Z\d_]+@)$/i,
  /^x{3,}(?:[-_ .]x+)*$/i,
  /^\*{3,}$/,
];

/** `sk_test_xxxxxxxx`, `https://<your-host>/`: a part that nobody meant. */
const PART = [
  /(?:^|[-_/:@.=])x{5,}(?:$|[-_/:@.?])/i,
  /(?:\/\/|[:@/=])<[\w .-]+>/,
  /(?:\/\/|[:@/=.])(?:your|my)[-_](?:[a-z\d]+[-_])*(?:host|domain|password|token|key|project|bucket|account|server|here)\b/i,
  /[:/@](?:changeme|change[-_]me|replace[-_]?me)(?:[@/]|$)/i,
];

/** Domains that are nobody's (RFC 2606). `.test` and `.localhost` are meant for tests. */
const NOBODY = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|invalid)$/i;

/** Nobody writes a longer one, and some of the shapes take long to look for in a long text. */
const LONGEST = 300;

/** Whether the value stands for one that was never filled in. Weak values such as `secret` are no placeholders. */
export const isPlaceholder = (value: string): boolean => {
  const text = value.trim();
  if (text.length > LONGEST) return false;
  return WHOLE.some((shape) => shape.test(text)) || PART.some((shape) => shape.test(text));
};

/** Whether it names a server at `example.com` and the like. */
export function isNobodysServer(key: string, value: string): boolean {
  const host = readServer(value)?.host ?? (/(?:^|_)HOST(?:NAME)?$/i.test(key) ? value.trim() : "");
  return NOBODY.test(host);
}
