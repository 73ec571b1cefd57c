import { BlockList, isIP, isIPv6 } from "node:net";
import type { Config, ConfigFault } from "./config.ts";
import { describeFound } from "./redact.ts";
import type { Parsed } from "./schema.ts";

interface ListenInput {
  readonly onCloudRun: boolean;
  readonly place: (path: string) => string;
  readonly report: (fault: ConfigFault) => void;
  /** Keys whose value is not to be shown. */
  readonly hidden: ReadonlySet<string>;
}

/** Where to listen. Without access control only this machine may ask. */
export function resolveListen(
  parsed: Parsed,
  { onCloudRun, place, report, hidden }: ListenInput,
): Config["listen"] {
  const { port } = parsed.listen;
  const host = parsed.listen.host ?? (onCloudRun ? "0.0.0.0" : "127.0.0.1");
  if (!isLoopback(host)) {
    const isDefault = parsed.listen.host === undefined;
    report({
      code: "CONFIG_ACCESS",
      where: isDefault ? "K_SERVICE" : place("listen.host"),
      path: "listen.host",
      expected: "a loopback address such as 127.0.0.1, since access mode `none` lets anybody ask",
      found: isDefault ? "0.0.0.0, the default on Cloud Run" : describeFound(host, hidden.has("listen.host")),
      suggestion: "listen on 127.0.0.1; other addresses need an access mode that comes with a later version",
    });
  }
  return { host, port };
}

/** Names other than `localhost` are not loopback: what they resolve to can change. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  if (isIP(host) === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8);
  loopback.addAddress("::1", "ipv6");
  return loopback.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}
