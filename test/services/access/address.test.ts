import * as fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf, sourceNetwork } from "../../../services/access/address.ts";

test.each<[string, string | undefined]>([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:DB8:0:0:ffff::", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.33", "64:ff9b:0:0::/64"],
  ["", undefined],
  ["unknown", undefined],
  ["192.0.2.1.5", undefined],
  ["192.0.2.1:80", undefined],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("all addresses of a network of 64 bits count as one, however they are written", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      fc.pre(network.some((part) => part !== "0"));
      const [first, second] = [one, other].map((host) => networkOf([...network, ...host].join(":")));
      expect(first).toBe(second);
      expect(first).toMatch(/^[0-9a-f:]+::\/64$/);
    }),
  );
});

test.each<[string, string | undefined, number, string]>([
  ["no proxy: what is written is not read", "198.51.100.1", 0, "10.0.0.9"],
  ["no header", undefined, 1, "10.0.0.9"],
  ["one proxy: the last entry", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"],
  ["two proxies: the last but one", "6.6.6.6, 198.51.100.1, 203.0.113.1", 2, "198.51.100.1"],
  ["fewer entries than proxies: the first", "198.51.100.1", 3, "198.51.100.1"],
  ["an entry with a port", "198.51.100.1:4711", 1, "198.51.100.1"],
  ["an entry in brackets", "[2001:db8::1]:4711", 1, "2001:db8:0:0::/64"],
  ["an entry that is no address", "6.6.6.6, unknown", 1, "10.0.0.9"],
  ["an empty header", "", 1, "10.0.0.9"],
])("%s", (_what, forwardedFor, trustedProxies, expected) => {
  expect(sourceNetwork({ socketAddress: "10.0.0.9", forwardedFor, trustedProxies })).toBe(expected);
});

test("whatever a caller writes before the entry of the trusted proxy changes nothing", () => {
  fc.assert(
    fc.property(fc.string(), (written) => {
      const forwardedFor = `${written}, 198.51.100.1`;
      expect(sourceNetwork({ socketAddress: "10.0.0.9", forwardedFor, trustedProxies: 1 })).toBe(
        "198.51.100.1",
      );
    }),
  );
});
