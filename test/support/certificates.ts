import "reflect-metadata";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { makeDirectory, removeDirectory } from "../../src/sandbox/directory.ts";

/** A certificate with its key, as PEM text and as files. */
export interface Certificate {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
}

/** Certificates for every way in which TLS goes right or wrong. */
export interface Certificates {
  /** The authority that signed `valid`, `expired` and `wrongHost`; its PEM file is for clients. */
  ca: Certificate;
  /** For 127.0.0.1 and localhost, from yesterday until tomorrow. */
  valid: Certificate;
  /** The same, until yesterday. */
  expired: Certificate;
  /** For elsewhere.example. */
  wrongHost: Certificate;
  /** For 127.0.0.1 and localhost, signed by itself. */
  selfSigned: Certificate;
  remove(): void;
}

interface Wanted {
  name: string;
  hosts: { type: "dns" | "ip"; value: string }[];
  fromDays: number;
  toDays: number;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
const here: Wanted["hosts"] = [
  { type: "ip", value: "127.0.0.1" },
  { type: "dns", value: "localhost" },
];

/** Makes all certificates (about 80 ms) and writes them to a temporary directory. */
export async function makeCertificates(): Promise<Certificates> {
  cryptoProvider.set(globalThis.crypto);
  const directory = await makeDirectory("certificates");
  const ca = await makePair({ name: "Test CA", hosts: [], fromDays: -400, toDays: 400 });
  const make = async (file: string, wanted: Wanted, signer?: Pair): Promise<Certificate> =>
    write(directory, file, await makePair(wanted, signer));
  return {
    ca: write(directory, "ca", ca),
    valid: await make("valid", { name: "localhost", hosts: here, fromDays: -1, toDays: 1 }, ca),
    expired: await make("expired", { name: "localhost", hosts: here, fromDays: -30, toDays: -1 }, ca),
    wrongHost: await make(
      "wrong-host",
      {
        name: "elsewhere.example",
        hosts: [{ type: "dns", value: "elsewhere.example" }],
        fromDays: -1,
        toDays: 1,
      },
      ca,
    ),
    selfSigned: await make("self-signed", { name: "localhost", hosts: here, fromDays: -1, toDays: 1 }),
    remove: () => removeDirectory(directory),
  };
}

interface Pair {
  subject: string;
  keys: CryptoKeyPair;
  cert: string;
  key: string;
}

async function makePair(wanted: Wanted, signer?: Pair): Promise<Pair> {
  const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const isAuthority = wanted.hosts.length === 0;
  const subject = `CN=${wanted.name}`;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(8)))
      .toString("hex")
      .replace(/^./, "1"),
    subject,
    issuer: signer?.subject ?? subject,
    notBefore: new Date(Date.now() + wanted.fromDays * dayMs),
    notAfter: new Date(Date.now() + wanted.toDays * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (signer?.keys ?? keys).privateKey,
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      ...(isAuthority
        ? [new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true)]
        : [new SubjectAlternativeNameExtension(wanted.hosts)]),
    ],
  });
  const key = PemConverter.encode(
    await globalThis.crypto.subtle.exportKey("pkcs8", keys.privateKey),
    "PRIVATE KEY",
  );
  return { subject, keys, cert: certificate.toString("pem"), key };
}

function write(directory: string, name: string, { cert, key }: Pair): Certificate {
  const certFile = join(directory, `${name}.crt`);
  const keyFile = join(directory, `${name}.key`);
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { cert, key, certFile, keyFile };
}
