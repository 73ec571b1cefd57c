import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileErrorCode } from "./file-error.ts";

export type Authority =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** Reads a PEM file of trusted authorities. */
export async function readAuthority(at: {
  readonly path: string;
  readonly directory: string;
}): Promise<Authority> {
  try {
    const pem = await readFile(resolve(at.directory, at.path), "utf8");
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return { ok: true, pem };
    return { ok: false, expected: "a PEM file with at least one certificate", found: "a file with none" };
  } catch (error) {
    const code = fileErrorCode(error);
    return { ok: false, expected: "a PEM file that can be read", found: reason(code) };
  }
}

function reason(code: string): string {
  if (code === "ENOENT") return "no such file";
  if (code === "EACCES") return "a file this process may not read";
  return code === "EISDIR" ? "a folder" : `a file that cannot be read (${code})`;
}
