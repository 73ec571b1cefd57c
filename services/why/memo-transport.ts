import type { GcpAnswer, GcpRequest, GcpTransport } from "../gcp/transport.ts";

/**
 * Asks each question once while it lives, however many dependencies want the answer: for one round of reading. Questions
 * alone may go through it; what writes is refused.
 */
export function createMemoTransport(gcp: GcpTransport): GcpTransport {
  const answers = new Map<string, Promise<GcpAnswer>>();
  return {
    request(request) {
      if (!isQuestion(request))
        throw new TypeError(`why only reads; it was to ${request.method} ${request.path}`);
      const { api, method, path, query, body } = request;
      const key = JSON.stringify([api, method, path, query, body]);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const asked = gcp.request(request);
      answers.set(key, asked);
      return asked;
    },
  };
}

/** A project's policy is read by a POST. */
const isQuestion = ({ method, path }: GcpRequest): boolean =>
  method === "GET" || (method === "POST" && path.endsWith(":getIamPolicy"));
