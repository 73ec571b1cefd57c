import { once } from "node:events";
import { connect, createServer } from "node:tls";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { type Certificate, makeCertificates } from "../support/certificates.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());

async function handshake({ cert, key }: Certificate): Promise<void> {
  const server = createServer({ cert, key }, (socket) => void socket.end());
  onTestFinished(() => void server.close());
  server.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const client = connect({ host: "127.0.0.1", port, ca: certificates.ca.cert });
  await once(client, "secureConnect");
  client.destroy();
}

test("a valid certificate is trusted", async () => {
  await handshake(certificates.valid);
});

test.each([
  ["expired", "CERT_HAS_EXPIRED"],
  ["wrongHost", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ["selfSigned", "DEPTH_ZERO_SELF_SIGNED_CERT"],
] as const)("the certificate %s fails with %s", async (name, code) => {
  await expect(handshake(certificates[name])).rejects.toMatchObject({ code });
});
