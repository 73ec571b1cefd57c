import { OAuth2Client } from "google-auth-library";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import { getConnector } from "../../../services/gcp/vpc-access.ts";
import type { GcpRequest } from "../../../services/gcp/transport.ts";
import { openGcp } from "../../../src/gcp/open-gcp.ts";
import { createEndpoints } from "../../../src/gcp/endpoints.ts";
import { createGcpTransport } from "../../../src/gcp/transport.ts";
import { startHttp } from "../../support/listeners.ts";
import {
  type Answer,
  REMEDIATOR,
  REMEDIATOR_CANARY,
  TOKEN_CANARY,
  startGoogle,
  useMetadata,
} from "../../support/google.ts";

afterEach(() => vi.unstubAllEnvs());

const { signal } = new AbortController();
const READ: GcpRequest = { api: "run", method: "GET", path: "/v2/projects/p", signal };
const CREATE: GcpRequest = { api: "vpcaccess", method: "POST", path: "/v1/projects/p", body: {}, signal };

const expectNoToken = (value: unknown): void => {
  const text = JSON.stringify(value);
  expect(text).not.toContain(TOKEN_CANARY);
  expect(text).not.toContain(REMEDIATOR_CANARY);
};

/** Gives tokens for the remediator, and leaves the rest to `rest`. */
const withImpersonation =
  (rest: Answer): Answer =>
  (asked, response) =>
    asked.path.startsWith("/iamcredentials/")
      ? {
          json: {
            accessToken: REMEDIATOR_CANARY,
            expireTime: new Date(Date.now() + 1_800_000).toISOString(),
          },
        }
      : rest(asked, response);

describe("identities", () => {
  test("reads as the service's own account, which the metadata server gives", async () => {
    const google = await startGoogle(() => ({ json: { name: "x" } }));
    await expect(google.reader.request(READ)).resolves.toEqual({ kind: "ok", body: { name: "x" } });
    expect(google.asked).toMatchObject([
      { method: "GET", path: "/run/v2/projects/p", authorization: `Bearer ${TOKEN_CANARY}` },
    ]);
  });

  test("writes as the remediator, with one token for several requests", async () => {
    const google = await startGoogle(withImpersonation(() => ({ json: {} })));
    await google.writer?.request(CREATE);
    await google.writer?.request(CREATE);
    expect(google.asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      [
        `/iamcredentials/v1/projects/-/serviceAccounts/${encodeURIComponent(REMEDIATOR)}:generateAccessToken`,
        `Bearer ${TOKEN_CANARY}`,
      ],
      ["/vpcaccess/v1/projects/p", `Bearer ${REMEDIATOR_CANARY}`],
      ["/vpcaccess/v1/projects/p", `Bearer ${REMEDIATOR_CANARY}`],
    ]);
    expect(google.asked[0]?.body).toMatchObject({ lifetime: "1800s" });
  });

  test("two who write at once share the question for a token", async () => {
    const google = await startGoogle(withImpersonation(() => ({ json: {} })));
    await Promise.all([google.writer?.request(CREATE), google.writer?.request(CREATE)]);
    expect(google.asked.filter(({ path }) => path.startsWith("/iamcredentials/"))).toHaveLength(1);
  });

  test("one who gives up while another waits for the same token does not fail the other", async () => {
    const answers: (() => void)[] = [];
    const google = await startGoogle((asked, response) => {
      if (!asked.path.startsWith("/iamcredentials/")) return { json: {} };
      answers.push(() => {
        const expireTime = new Date(Date.now() + 1_800_000).toISOString();
        response.end(JSON.stringify({ accessToken: REMEDIATOR_CANARY, expireTime }));
      });
      return "handled";
    });
    const impatient = new AbortController();
    const first = google.writer?.request({ ...CREATE, signal: impatient.signal });
    const second = google.writer?.request(CREATE);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    impatient.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await expect(second).resolves.toMatchObject({ kind: "ok" });
  });

  test("an account that may not act as the remediator is told which role it takes", async () => {
    const denied = {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
      },
    };
    const google = await startGoogle(() => ({ status: 403, json: denied }));
    const answer = await google.writer?.request(CREATE);
    expect(answer).toMatchObject({
      kind: "failed",
      error: { code: "GCP_DENIED", permission: "iam.serviceAccounts.getAccessToken" },
    });
    expect(JSON.stringify(answer)).toContain("roles/iam.serviceAccountTokenCreator");
  });

  test("a remediator that does not exist never makes what is asked for absent", async () => {
    const none = { error: { code: 404, status: "NOT_FOUND", message: "Not found; Gaia id not found" } };
    const google = await startGoogle(() => ({ status: 404, json: none }));
    const connector = { project: "p", region: "r", name: "c", signal };
    if (!google.writer) throw new Error("no writer");
    await expect(getConnector(google.writer, connector)).resolves.toMatchObject({
      kind: "unknown",
      because: { code: "GCP_UNAUTHENTICATED" },
    });
  });

  test("without a remediator there is nobody who writes", () => {
    expect(openGcp({ endpoints: {} }, { clock: systemClock }).writer).toBeUndefined();
  });

  test("without credentials it says how to get some", async () => {
    const refusing = await startHttp((_request, response) => {
      response.writeHead(404, { "metadata-flavor": "Google" }).end("secret page");
    });
    useMetadata(refusing.port);
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    const { reader } = openGcp({ endpoints: {} }, { clock: systemClock });
    await expect(reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: {
        code: "GCP_UNAUTHENTICATED",
        message: expect.stringContaining("gcloud auth application-default login") as string,
      },
    });
  });
});

describe("tries", () => {
  test("a read is repeated after 503, and a change is not", async () => {
    let left = 2;
    const google = await startGoogle(
      withImpersonation(() => (left-- > 0 ? { status: 503, json: {} } : { json: { fine: true } })),
    );
    await expect(google.reader.request(READ)).resolves.toEqual({ kind: "ok", body: { fine: true } });
    left = 2;
    await expect(google.writer?.request(CREATE)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_UNAVAILABLE", status: 503 },
    });
    expect(left).toBe(1);
  });

  test("a change that was refused for its rate alone is repeated", async () => {
    let left = 1;
    const google = await startGoogle(
      withImpersonation(() => (left-- > 0 ? { status: 429, json: {} } : { json: { fine: true } })),
    );
    await expect(google.writer?.request(CREATE)).resolves.toMatchObject({ kind: "ok" });
  });

  test("a create that timed out is sent once, and its answer says that nobody knows", async () => {
    const google = await startGoogle(
      withImpersonation(() => undefined),
      { timeoutMs: 60 },
    );
    const answer = await google.writer?.request(CREATE);
    expect(answer).toMatchObject({ kind: "failed", error: { code: "GCP_TIMEOUT", status: 0 } });
    expect(JSON.stringify(answer)).toContain("whether it was done is not known");
    expect(google.asked.filter(({ path }) => path.startsWith("/vpcaccess/"))).toHaveLength(1);
  });

  test("a create whose connection breaks is sent once", async () => {
    const google = await startGoogle(
      withImpersonation((_asked, response) => {
        response.destroy();
        return "handled";
      }),
    );
    await expect(google.writer?.request(CREATE)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_UNAVAILABLE" },
    });
    expect(google.asked.filter(({ path }) => path.startsWith("/vpcaccess/"))).toHaveLength(1);
  });

  test("a read that times out is tried as often as allowed", async () => {
    const google = await startGoogle(() => undefined, { timeoutMs: 40, tries: 2 });
    await expect(google.reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_TIMEOUT" },
    });
    expect(google.asked).toHaveLength(2);
  });

  test("a token that is not taken is replaced once", async () => {
    const google = await startGoogle(() => ({
      status: 401,
      json: { error: { code: 401, message: "Request had invalid authentication credentials." } },
    }));
    await expect(google.reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_UNAUTHENTICATED", status: 401 },
    });
    expect(google.asked).toHaveLength(2);
  });

  test("nobody waits for a Retry-After of minutes", async () => {
    const google = await startGoogle((_asked, response) => {
      response.setHeader("retry-after", "600");
      return { status: 429, json: {} };
    });
    await expect(google.reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_UNAVAILABLE", status: 429 },
    });
    expect(google.asked).toHaveLength(1);
  });

  test("rejects with the reason of the signal, and with nothing else", async () => {
    const google = await startGoogle(() => undefined);
    const stop = new AbortController();
    const asked = google.reader.request({ ...READ, signal: stop.signal });
    await vi.waitFor(() => expect(google.asked).toHaveLength(1));
    stop.abort(new Error("not needed any more"));
    await expect(asked).rejects.toThrow("not needed any more");
  });
});

describe("what comes back", () => {
  test("a redirect is not followed: the token goes to one host", async () => {
    let followed = 0;
    const elsewhere = await startHttp((_request, response) => {
      followed += 1;
      response.end("{}");
    });
    const google = await startGoogle((_asked, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
      return "handled";
    });
    await expect(google.reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_MALFORMED", status: 302 },
    });
    expect(followed).toBe(0);
  });

  test("200 with what is no JSON is malformed, and an empty one is an empty object", async () => {
    const page = await startGoogle(() => ({ text: "<html>login</html>" }));
    await expect(page.reader.request(READ)).resolves.toMatchObject({ error: { code: "GCP_MALFORMED" } });
    const empty = await startGoogle(() => ({ text: "" }));
    await expect(empty.reader.request(READ)).resolves.toEqual({ kind: "ok", body: {} });
  });

  test("an answer without an end is cut off", async () => {
    const google = await startGoogle(
      (_asked, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const chunk = Buffer.alloc(1 << 20, 32);
        const more = (): void => {
          if (response.writable) response.write(chunk, more);
        };
        more();
        return "handled";
      },
      { tries: 1 },
    );
    await expect(google.reader.request(READ)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_UNAVAILABLE", message: expect.stringContaining("ETOOBIG") as string },
    });
  });

  test("parameters that are lists are repeated, and names cannot leave their part of the path", async () => {
    const google = await startGoogle(() => ({ json: {} }));
    await google.reader.request({ ...READ, query: { names: ["a", "b"], mask: "x,y" } });
    expect(google.asked[0]?.query.getAll("names")).toEqual(["a", "b"]);
    await getConnector(google.reader, { project: "../x", region: "a/b", name: "c?d", signal });
    expect(google.asked[1]?.path).toBe("/vpcaccess/v1/projects/..%2Fx/locations/a%2Fb/connectors/c%3Fd");
  });
});

const echo: Answer = (asked) => ({
  status: 400,
  json: { error: { code: 400, message: `you sent ${asked.authorization}`, status: "INVALID_ARGUMENT" } },
});

describe("no token in any output", () => {
  test.each<[name: string, answer: Answer, timeoutMs: number]>([
    ["a server that echoes headers as JSON", echo, 5000],
    [
      "a server that echoes headers as a page",
      (asked) => ({ status: 500, text: `<title>${asked.authorization}</title>` }),
      5000,
    ],
    ["a connection that breaks", (_asked, response) => (response.destroy(), "handled"), 5000],
    ["a server that says nothing", () => undefined, 40],
    ["200 that echoes in text", (asked) => ({ text: `${asked.authorization}` }), 5000],
  ])("%s", async (_name, answer, timeoutMs) => {
    const printed: unknown[] = [];
    const spies = (["log", "warn", "error", "info", "debug"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...line) => void printed.push(line)),
    );
    const google = await startGoogle(withImpersonation(answer), { tries: 1, timeoutMs });
    expectNoToken(await google.reader.request(READ));
    expectNoToken(await google.writer?.request(CREATE));
    expect(google.asked.at(-1)?.authorization).toBe(`Bearer ${REMEDIATOR_CANARY}`);
    expectNoToken(printed);
    expect(printed).toEqual([]);
    for (const spy of spies) spy.mockRestore();
  });
});

test("a proxy of the environment is not shown what goes to this machine", async () => {
  const proxy = await startHttp((_request, response) => void response.writeHead(502).end());
  const google = await startGoogle(() => ({ json: {} }));
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv("NO_PROXY", undefined);
  const { transporter: http } = new OAuth2Client();
  const headers = new Headers({ authorization: `Bearer ${TOKEN_CANARY}` });
  const transport = createGcpTransport({
    tokens: { get: () => Promise.resolve({ kind: "ok", headers, http }), drop: () => undefined },
    endpoints: createEndpoints({ all: `http://127.0.0.1:${google.port}` }),
    tries: 1,
  });
  await expect(transport.request(READ)).resolves.toMatchObject({ kind: "ok" });
  expect(proxy.accepted()).toBe(0);
});

test("endpoints are Google's own unless others are on loopback", () => {
  const own = createEndpoints({});
  expect(own("run")).toBe("https://run.googleapis.com");
  expect(own("iamcredentials")).toBe("https://iamcredentials.googleapis.com");
  const fake = createEndpoints({ all: "http://127.0.0.1:1/", run: "http://localhost:2/x/" });
  expect([fake("run"), fake("iam")]).toEqual(["http://localhost:2/x", "http://127.0.0.1:1/iam"]);
  expect(() => createEndpoints({ run: "http://10.0.0.1" })).toThrow("gcp.endpoints.run");
});
