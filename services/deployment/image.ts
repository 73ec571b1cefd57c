/** Whether two names of images mean the same. */

interface ImageName {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export function parseImage(text: string): ImageName {
  const [named = "", digest] = text.split("@");
  // A colon before the last slash is that of a port.
  const [, repository = named, tag] = /^(.*?)(?::([\w][\w.-]{0,127}))?$/.exec(named) ?? [];
  return {
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** `unknown`: one is named by its tag and the other by its digest, and nothing here knows what the tag stands for. */
export function compareImages(found: string, expected: string): "same" | "other" | "unknown" {
  const [one, other] = [parseImage(found), parseImage(expected)];
  if (one.repository !== other.repository) return "other";
  if (other.digest !== undefined) {
    if (one.digest === undefined) return "unknown";
    return one.digest === other.digest ? "same" : "other";
  }
  if (other.tag === undefined) return "same";
  if (one.tag === undefined) return one.digest === undefined ? "other" : "unknown";
  return one.tag === other.tag ? "same" : "other";
}
