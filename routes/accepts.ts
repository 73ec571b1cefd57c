/** Whether `Accept` prefers JSON to HTML (RFC 9110, 12.5.1); who does not say gets HTML. */
export function prefersJson(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(",").map(parseRange);
  return qualityOf("application/json", ranges) > qualityOf("text/html", ranges);
}

interface Range {
  readonly type: string;
  readonly q: number;
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, q: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0 };
}

/** Of the most specific range that names it; 0 where none does. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.split("/")[0]}/*`;
  for (const wanted of [type, group, "*/*"]) {
    const found = ranges.find((range) => range.type === wanted);
    if (found !== undefined) return found.q;
  }
  return 0;
}
