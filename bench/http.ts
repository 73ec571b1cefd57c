import { get } from "node:http";

/** One answer to one question on a connection of its own; status 0 when there was none. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks once. Never throws: no answer is an answer here. */
export function ask(url: string, timeoutMs: number): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (text: string) => (body += text));
    response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
    response.once("error", () => resolve({ status: 0, body: "" }));
  });
  request.once("timeout", () => request.destroy());
  request.once("error", () => resolve({ status: 0, body: "" }));
  return promise;
}
