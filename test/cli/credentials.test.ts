import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { CliError } from "../../src/commands/cli-error.ts";
import { createBearer } from "../../src/commands/credentials/bearer.ts";
import { askGcloud } from "../../src/commands/credentials/gcloud.ts";
import { startGoogle } from "../../src/sandbox/google/google.ts";
import { gcloudClientId, person, serviceAccount } from "../../src/sandbox/google/identities.ts";
import { eventually } from "../support/wait.ts";
import { fakeGcloud, personScript } from "./gcloud.ts";
import { googleBehindProxy } from "./google-proxy.ts";
import { explanation, health, serve, serveGuarded } from "./guarded-service.ts";
import { runCli } from "./run-cli.ts";

const google = await startGoogle();
afterAll(() => google.close());

/** No metadata server, no files, no gcloud but a fake one. */
const alone = (path = "/nowhere") => ({ METADATA_SERVER_DETECTION: "none", HOME: "/nowhere", PATH: path });
const onGoogleCloud = () => ({ GCE_METADATA_HOST: google.metadataHost, HOME: "/nowhere", PATH: "/nowhere" });
const claims = (token = "") =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

test("an open service is asked without a token, and nobody is asked for one", async () => {
  const gcloud = await fakeGcloud(personScript(await google.mintIdToken()));
  const before = google.requests();
  const seen: (string | undefined)[] = [];
  const url = await serve(({ headers }, response) => {
    seen.push(headers.authorization);
    response.end(explanation);
  });
  const env = { ...onGoogleCloud(), PATH: gcloud.path };
  const { code, stderr } = await runCli(["why", "redis", "--url", url], { env });
  expect({ code, stderr, seen }).toEqual({ code: 0, stderr: "", seen: [undefined] });
  expect(await gcloud.calls()).toEqual([]);
  expect(google.requests()).toEqual(before);
});

test("of gcloud a token for the service is asked first, and for a person one without audience", async () => {
  const token = await google.mintIdToken();
  const gcloud = await fakeGcloud(personScript(token));
  const { url, seen } = await serveGuarded((given) => given === token);
  const { code, stdout, stderr } = await runCli(["why", "redis", "--url", `${url}/`], {
    env: alone(gcloud.path),
  });
  expect({ code, stderr, seen }).toEqual({ code: 0, stderr: "", seen: [undefined, token] });
  expect(await gcloud.calls()).toEqual([
    `auth print-identity-token --audiences=${url}`,
    "auth print-identity-token",
  ]);
  expect(stdout).not.toContain(token);
});

test("a service account's token of gcloud is for the service, and asked for once for several requests", async () => {
  const gcloud = await fakeGcloud(`echo '${await google.mintIdToken({ aud: "x" })}'`);
  const seen: string[] = [];
  const two = JSON.stringify({
    checks: { a: [{ componentId: "redis" }], b: [{ componentId: "postgres" }] },
  });
  const url = await serve(({ headers, url: path }, response) => {
    if (headers.authorization === undefined) return response.writeHead(403).end("<html>Forbidden</html>");
    seen.push(path ?? "");
    return response.end(path === "/health" ? two : explanation);
  });
  const { code } = await runCli(["why", "--url", url], { env: alone(gcloud.path) });
  expect(code).toBe(0);
  expect(seen.toSorted()).toEqual(["/health", "/why/postgres", "/why/redis"]);
  expect(await gcloud.calls()).toEqual([`auth print-identity-token --audiences=${url}`]);
});

test("where everybody sees the verdict, the detail is asked for with a token", async () => {
  const token = await google.mintIdToken();
  const gcloud = await fakeGcloud(personScript(token));
  const url = await serve(({ headers, url: path }, response) => {
    if (headers.authorization === undefined) return response.end('{"status":"pass"}');
    return response.end(path === "/health" ? health : explanation);
  });
  const { code, stderr } = await runCli(["why", "--url", url], { env: alone(gcloud.path) });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const without = await runCli(["why", "--url", url], { env: alone() });
  expect(without).toMatchObject({ code: 77, stdout: "" });
  expect(without.stderr).toContain("callers without a token see no more than the verdict");
});

test("what answers with any other JSON is shown no token", async () => {
  const gcloud = await fakeGcloud(personScript(await google.mintIdToken()));
  const url = await serve((_, response) => response.end('{"status":"ok"}'));
  const { code, stderr } = await runCli(["why", "--url", url], { env: alone(gcloud.path) });
  expect(code).toBe(69);
  expect(stderr).toContain("another shape");
  expect(await gcloud.calls()).toEqual([]);
});

test("the metadata server gives one for the origin of the service", async () => {
  const { url, seen } = await serveGuarded((token) => claims(token).aud === url);
  const { code } = await runCli(["why", "redis", "--url", `${url}/`], { env: onGoogleCloud() });
  expect(code).toBe(0);
  expect(claims(seen[1])).toMatchObject({ aud: url, email: serviceAccount.email });
});

test("a token that is not accepted is followed by that of the next source; one that is not allowed is not", async () => {
  const token = await google.mintIdToken();
  const gcloud = await fakeGcloud(personScript(token));
  const env = { ...onGoogleCloud(), PATH: gcloud.path };
  const picky = await serveGuarded((given) => given === token);
  expect((await runCli(["why", "redis", "--url", picky.url], { env })).code).toBe(0);
  expect(picky.seen).toHaveLength(3);
  const closed = await serveGuarded(() => "forbidden");
  const { code, stdout, stderr } = await runCli(["why", "redis", "--url", closed.url], { env });
  expect({ code, stdout, sent: closed.seen.length }).toEqual({ code: 77, stdout: "", sent: 2 });
  expect(stderr).toContain("is not good here");
  expect(stderr).toContain("The service says to run: gcloud auth login");
  // oxlint-disable-next-line no-control-regex
  expect(stderr).not.toMatch(/eyJ|\u001B/);
});

test("no token at all: 77, what the service said, and who tells why", async () => {
  const { url } = await serveGuarded(() => false);
  const { code, stdout, stderr } = await runCli(["why", "redis", "--url", url], { env: alone() });
  expect({ code, stdout }).toEqual({ code: 77, stdout: "" });
  expect(stderr).toContain("answered 401: Send a token.");
  expect(stderr).toContain('The service says to run: curl -H "Authorization: Bearer $TOKEN" "$URL"');
  expect(stderr).toContain("greenlight auth whoami");
});

test("a token in the variable is sent at once, and no other after it", async () => {
  const gcloud = await fakeGcloud(personScript(await google.mintIdToken()));
  const { url, seen } = await serveGuarded(() => false);
  const env = { ...alone(gcloud.path), GREENLIGHT_TOKEN: "gl_token-canary" };
  const { code, stderr } = await runCli(["why", "redis", "--url", url], { env });
  expect({ code, seen }).toEqual({ code: 77, seen: ["gl_token-canary"] });
  expect(stderr).not.toContain("token-canary");
  expect(await gcloud.calls()).toEqual([]);
});

test("what other services accept too is not sent unencrypted to another machine", async () => {
  const gcloud = await fakeGcloud(personScript(await google.mintIdToken()));
  const written: string[] = [];
  const stderr = { write: (text: string) => written.push(text) };
  const { signal } = new AbortController();
  const bearer = (url: string, env: Record<string, string>) => createBearer({ env, signal, stderr }, url);
  const refused = await bearer("http://service.invalid", alone(gcloud.path))
    .after(undefined)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CliError);
  expect(refused).toMatchObject({ exitCode: 77, message: expect.stringContaining("not sent unencrypted") });
  const access = { GREENLIGHT_TOKEN: google.mintAccessToken() };
  await expect(bearer("http://service.invalid", access).current()).rejects.toThrow("access token");
  expect(written).toEqual([]);
  for (const url of [
    "https://service.invalid",
    "http://127.0.0.1:1",
    "http://[::1]:1",
    "http://localhost:1",
  ]) {
    expect(await bearer(url, access).current()).toMatchObject({ kind: "access token", bound: false });
  }
  const bound = { GREENLIGHT_TOKEN: await google.mintIdToken({ aud: "http://service.invalid" }) };
  expect(await bearer("http://service.invalid", bound).current()).toMatchObject({ bound: true });
  expect(written).toEqual([
    "greenlight: the token goes unencrypted to http://service.invalid; use https://.\n",
  ]);
});

test("a gcloud that hangs is ended with the command", async () => {
  const gcloud = await fakeGcloud('echo $$ >> "$(dirname "$0")/pids"\nexec sleep 600');
  const controller = new AbortController();
  const asked = askGcloud({
    env: { PATH: `${gcloud.path}:/usr/bin:/bin` },
    audience: "a",
    signal: controller.signal,
  });
  await eventually(async () => expect(await gcloud.calls()).toHaveLength(1));
  controller.abort(new Error("ended"));
  await expect(asked).rejects.toThrow("ended");
});

test.each([
  ["prints something else", "echo secret-canary; echo secret-canary >&2", "it printed no ID token"],
  ["fails", "echo secret-canary >&2; exit 3", "it ended with 3"],
  ["prints without end", "cat /dev/zero | tr '\\0' x", "it cannot be run"],
  ["is no program", "exit 0", "it printed no ID token"],
])("a gcloud that %s is named without its words", async (_what, script, reason) => {
  const gcloud = await fakeGcloud(script);
  const env = alone(`${gcloud.path}:/usr/bin:/bin`);
  const { code, stdout, stderr } = await runCli(["auth", "whoami"], { env });
  expect({ code, stderr }).toEqual({ code: 77, stderr: "" });
  expect(stdout).toContain(`gcloud: ${reason}`);
  expect(stdout).not.toContain("secret-canary");
});

test.each(["authorized_user", "service_account"] as const)(
  "application default credentials of kind %s give an ID token, without a word on the streams",
  async (kind) => {
    const folder = await mkdtemp(join(tmpdir(), "greenlight-adc-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "application_default_credentials.json");
    const content = kind === "authorized_user" ? google.authorizedUser() : await google.serviceAccountKey();
    await writeFile(file, JSON.stringify(content));
    const proxy = await googleBehindProxy(google.tokenUrl, folder);
    const { url, seen } = await serveGuarded(() => true);
    const named =
      kind === "authorized_user" ? { CLOUDSDK_CONFIG: folder } : { GOOGLE_APPLICATION_CREDENTIALS: file };
    const env = { ...alone(), ...named, ...proxy };
    const { code, stderr } = await runCli(["why", "redis", "--url", url], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(claims(seen[1])).toMatchObject(
      kind === "authorized_user"
        ? { aud: gcloudClientId, email: person.email }
        : { aud: url, email: serviceAccount.email },
    );
  },
);

test.each([
  ["{", "their file is not JSON"],
  ['{"type":"authorized_user"}', "they cannot be used"],
])("application default credentials that cannot be used are named: %s", async (content, reason) => {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-adc-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "application_default_credentials.json"), content);
  const { code, stdout, stderr } = await runCli(["auth", "whoami"], {
    env: { ...alone(), CLOUDSDK_CONFIG: folder },
  });
  expect({ code, stderr }).toEqual({ code: 77, stderr: "" });
  expect(stdout).toContain(`application default credentials: ${reason}`);
});

test("a metadata server that does not answer, or is none, is not waited for", async () => {
  await google.setDown("metadata", "slow", { ms: 20_000 });
  onTestFinished(() => google.setDown("metadata", "up"));
  const env = { ...onGoogleCloud(), METADATA_SERVER_DETECTION: "ping-only" };
  const slow = await runCli(["auth", "whoami"], { env });
  expect(slow.stdout).toContain("no answer from it within 500 ms");
  const other = await serve((_, response) => response.end("eyJ.eyJ.sig"));
  const none = await runCli(["auth", "whoami"], { env: { ...env, GCE_METADATA_HOST: new URL(other).host } });
  expect(none.stdout).toContain("what answers at its address is no metadata server");
  const unknown = await runCli(["auth", "whoami"], { env: { ...env, METADATA_SERVER_DETECTION: "maybe" } });
  expect(unknown.stdout).toContain("METADATA_SERVER_DETECTION is none of");
});
