import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished, test, expect } from "vitest";
import { goBody } from "./guarded-service.ts";
import { runCli } from "./run-cli.ts";

/** Makes `localhost` have both addresses, in this order, whatever the machine's own table says. */
const bothFamilies = `
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
const all = [{ address: "::1", family: 6 }, { address: "127.0.0.1", family: 4 }];
const real = dns.lookup;
dns.lookup = (host, options, done) => host === "localhost" ? done(null, all) : real(host, options, done);
const promised = dns.promises.lookup;
dns.promises.lookup = async (host, options) => host === "localhost" ? all : promised(host, options);
syncBuiltinESMExports();
`;
const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(bothFamilies)}` };

async function listenAt(host: string, body = "{}"): Promise<number> {
  const server = createServer((_, response) => response.end(body));
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

const go = JSON.stringify(goBody);

test.each(["::1", "127.0.0.1"])(
  "what listens at %s alone is reached as localhost, by a check and by the client of a service",
  async (host) => {
    const port = await listenAt(host, go);
    const there = await runCli(["wait", `tcp://localhost:${port}`, "--stable", "0s", "--timeout", "5s"], {
      env,
    });
    expect({ code: there.code, stderr: there.stderr }).toMatchObject({ code: 0 });
    const service = await runCli(["wait", "--url", `http://localhost:${port}`, "--timeout", "5s"], { env });
    expect(service).toMatchObject({ code: 0 });
  },
);
