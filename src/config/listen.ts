import { BlockList, isIP } from "node:net";
import type { Config } from "./config.ts";
import type { Parsed } from "./schema.ts";

/** Where to listen; whether anybody may ask there is decided with access. */
export function resolveListen({ listen }: Parsed, { onCloudRun }: { onCloudRun: boolean }): Config["listen"] {
  return { host: listen.host ?? (onCloudRun ? "0.0.0.0" : "127.0.0.1"), port: listen.port };
}

/** Names other than `localhost` are not loopback: what they resolve to can change. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  const family = isIP(host);
  if (family === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8);
  loopback.addAddress("::1", "ipv6");
  return loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}
