import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import "reflect-metadata";
import {
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { onTestFinished } from "vitest";

const HOST = "oauth2.googleapis.com";
const DAY_MS = 86_400_000;

/**
 * A proxy behind which Google's token endpoint is the sandbox's: the variables that make a process use it. The library
 * takes that address from nowhere else, so that nothing in the product has to be told another one.
 */
export async function googleBehindProxy(tokenUrl: string, folder: string): Promise<Record<string, string>> {
  const { cert, key } = await makeCertificate();
  const file = join(folder, "authority.pem");
  await writeFile(file, cert);
  const endpoint = createServer({ cert, key }, async (request, response) => {
    const { "content-type": type = "" } = request.headers;
    const body = await text(request);
    const answer = await fetch(tokenUrl, { method: "POST", body, headers: { "content-type": type } });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  const proxy = createProxy((_, response) => response.writeHead(405).end());
  proxy.on("connect", ({ url }, socket) => {
    if (url !== `${HOST}:443`) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const target = connect((endpoint.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  for (const server of [endpoint, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
  }
  const { port } = proxy.address() as AddressInfo;
  return { HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: file };
}

async function makeCertificate(): Promise<{ cert: string; key: string }> {
  cryptoProvider.set(globalThis.crypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${HOST}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: HOST }])],
  });
  const pkcs8 = await globalThis.crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: certificate.toString("pem"), key: PemConverter.encode(pkcs8, "PRIVATE KEY") };
}
