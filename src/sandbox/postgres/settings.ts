import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresBinaries } from "./binaries.ts";
import { give } from "./cluster.ts";

/** Server settings by name. */
export type Settings = Readonly<Record<string, string | number>>;

/** Settings of a server whose data nobody will miss: quick, and reachable over TCP on 127.0.0.1 only. */
export function basicSettings(data: string, port: number): Settings {
  return {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Only a crash of the machine would lose data: what is committed survives a kill of the server.
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "16MB",
    // Files in the data directory, which go with it, instead of /dev/shm.
    dynamic_shared_memory_type: process.platform === "win32" ? "windows" : "mmap",
    data_directory: data,
  };
}

/** Copies certificate and key to where Postgres may read them, and turns TLS on. */
export function tlsSettings(
  tls: { certFile: string; keyFile: string } | undefined,
  data: string,
  binaries: PostgresBinaries,
): Settings {
  if (tls === undefined) {
    return {};
  }
  const files = { ssl_cert_file: tls.certFile, ssl_key_file: tls.keyFile };
  for (const [name, file] of Object.entries(files)) {
    copyFileSync(file, join(data, name));
    chmodSync(join(data, name), 0o600);
    give(join(data, name), binaries);
  }
  return { ssl: "on", ssl_cert_file: "ssl_cert_file", ssl_key_file: "ssl_key_file" };
}
