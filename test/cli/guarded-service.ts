import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { onTestFinished, type TestContext } from "vitest";

/** A service on loopback for one test; its URL. A test beside which others run hands over its context. */
export async function serve(
  listener: RequestListener,
  context: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): Promise<string> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** What `/gate/all` answers when all is fit. */
export const goBody = {
  suite: "all",
  verdict: "go",
  fit: true,
  stableForMs: 3000,
  stableMs: 3000,
  reasons: [],
  checks: [],
  environment: "test",
  version: "0",
  time: new Date().toISOString(),
};

export const explanation = JSON.stringify({
  dependency: "redis",
  status: "pass",
  summary: "redis passes",
  rungs: [],
  nextSteps: [],
});

export const health = JSON.stringify({
  status: "pass",
  checks: { "redis:responseTime": [{ componentId: "redis" }] },
});

export const missing = JSON.stringify({
  code: "TOKEN_MISSING",
  detail: "Send a token.",
  run: 'curl -H "Authorization: Bearer $TOKEN" "$URL"',
});

/** A service that wants a token that `accepts` it; `seen` keeps what was presented. */
export async function serveGuarded(accepts: (token: string) => boolean | "forbidden") {
  const seen: (string | undefined)[] = [];
  const url = await serve(({ headers, url: path }, response) => {
    const token = headers.authorization?.replace(/^Bearer /, "");
    seen.push(token);
    const verdict = token !== undefined && accepts(token);
    if (verdict === true) return response.end(path === "/health" ? health : explanation);
    if (token === undefined) return response.writeHead(401).end(missing);
    const code = verdict === "forbidden" ? "PRINCIPAL_NOT_ALLOWED" : "TOKEN_UNKNOWN";
    const detail = `You sent ${token}, which is not good here\u001B[2J.`;
    return response
      .writeHead(verdict === "forbidden" ? 403 : 401)
      .end(JSON.stringify({ code, detail, run: "gcloud auth login" }));
  });
  return { url, seen };
}
