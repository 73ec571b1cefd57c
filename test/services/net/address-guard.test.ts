import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CauseError } from "../../../services/errors.ts";
import {
  checkAddress,
  checkHost,
  guardedLookup,
  isForbiddenHost,
} from "../../../services/net/address-guard.ts";

const isRefused = (address: string): boolean => {
  try {
    checkAddress(address);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(CauseError);
    expect(error).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
    return true;
  }
};

const byte = fc.nat(255);
const dotted = (bytes: readonly number[]): string => bytes.join(".");
const groups = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string =>
  `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;

/** IPv4 addresses that are refused, as bytes. */
const forbidden = fc.oneof(
  fc.tuple(fc.constant(0), byte, byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 239 }), byte, byte, byte),
  fc.constant([100, 100, 100, 200] as const),
);
const isForbidden = ([a, b, c, d]: readonly number[]): boolean =>
  a === 0 ||
  (a === 169 && b === 254) ||
  (a !== undefined && a >= 224 && a <= 239) ||
  (a === 100 && b === 100 && c === 100 && d === 200);
const allowed = fc.tuple(byte, byte, byte, byte).filter((bytes) => !isForbidden(bytes));

/** The ways to write an IPv4 address into an IPv6 one. */
const forms: readonly ((bytes: readonly number[]) => string)[] = [
  (bytes) => `::ffff:${dotted(bytes)}`,
  (bytes) => `::ffff:${groups(bytes)}`,
  (bytes) => `::FFFF:${groups(bytes).toUpperCase()}`,
  (bytes) => `0:0:0:0:0:ffff:${groups(bytes)}`,
  (bytes) => `0000:0000:0000:0000:0000:ffff:${dotted(bytes)}`,
  (bytes) => `::ffff:0:${dotted(bytes)}`,
  (bytes) => `64:ff9b::${groups(bytes)}`,
];

/** What WHATWG URL reads as the same IPv4 address. */
const spellings: readonly ((bytes: readonly number[]) => string)[] = [
  dotted,
  (bytes) => String(numberOf(bytes)),
  (bytes) => `0x${numberOf(bytes).toString(16)}`,
  (bytes) => `0${numberOf(bytes).toString(8)}`,
  (bytes) => bytes.map((each) => `0x${each.toString(16)}`).join("."),
  (bytes) => bytes.map((each) => `0${each.toString(8)}`).join("."),
  ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${b}.${c * 256 + d}`,
  ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${(b * 256 + c) * 256 + d}`,
  (bytes) => `${dotted(bytes)}.`,
  (bytes) => encodeURIComponent(dotted(bytes)).replaceAll("1", "%31"),
  (bytes) => dotted(bytes).replaceAll(".", "。"),
];
const numberOf = (bytes: readonly number[]): number => bytes.reduce((sum, each) => sum * 256 + each, 0);

type Found = { error: unknown; found?: unknown; family?: unknown };
const run = (lookup: LookupFunction, name: string, all: boolean): Promise<Found> =>
  new Promise((resolve) => {
    lookup(name, { all }, (error, found, family) => resolve({ error, found, family }));
  });
const answering =
  (...addresses: string[]): LookupFunction =>
  (_name, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (all === true) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family ?? 0);
  };

describe("an address", () => {
  test.each([
    "169.254.169.254",
    "169.254.0.0",
    "169.254.255.255",
    "100.100.100.200",
    "0.0.0.0",
    "0.255.255.255",
    "224.0.0.1",
    "239.255.255.255",
    "::",
    "0:0:0:0:0:0:0:0",
    "fe80::1",
    "fe80::1%eth0",
    "[fe80::1]",
    "febf:ffff::",
    "ff02::1",
    "fd00:ec2::254",
    "FD00:0EC2:0:0::0254",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "",
    "no address",
    "2852039166",
  ])("%j is refused", (address) => {
    expect(isRefused(address)).toBe(true);
  });

  test.each([
    "127.0.0.1",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "169.253.255.255",
    "169.255.0.0",
    "100.100.100.199",
    "100.64.0.1",
    "1.0.0.0",
    "223.255.255.255",
    "240.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "fec0::1",
    "fd00:ec2::253",
    "fd12:3456::1",
    "2001:db8::1",
  ])("%j is allowed", (address) => {
    expect(isRefused(address)).toBe(false);
  });

  test("of a refused IPv4 range is refused in every IPv6 form of it", () => {
    fc.assert(
      fc.property(forbidden, (bytes) => {
        for (const form of [dotted, ...forms]) expect(isRefused(form(bytes)), form(bytes)).toBe(true);
      }),
    );
  });

  test("of any other IPv4 range is allowed in every IPv6 form of it", () => {
    fc.assert(
      fc.property(allowed, (bytes) => {
        for (const form of [dotted, ...forms]) expect(isRefused(form(bytes)), form(bytes)).toBe(false);
      }),
    );
  });

  test("of a refused IPv4 range is refused however a URL spells it", () => {
    fc.assert(
      fc.property(forbidden, fc.constantFrom("http", "https", "ws", "wss"), (bytes, scheme) => {
        for (const spell of spellings) {
          const { hostname } = new URL(`${scheme}://${spell(bytes)}/`);
          expect(() => checkHost(hostname), spell(bytes)).toThrow(CauseError);
        }
        for (const form of forms) {
          const { hostname } = new URL(`${scheme}://[${form(bytes)}]/`);
          expect(() => checkHost(hostname), form(bytes)).toThrow(CauseError);
        }
      }),
    );
  });

  test("in IPv6 is refused in fe80::/10 and ff00::/8, and with any zone", () => {
    const group = fc.nat(0xffff).map((each) => each.toString(16));
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0xfe80, max: 0xfebf }), fc.integer({ min: 0xff00, max: 0xffff })),
        fc.tuple(group, group, group),
        fc.constantFrom("", "%eth0", "%1"),
        (first, rest, zone) => isRefused(`${first.toString(16)}:${rest.join(":")}::1${zone}`),
      ),
    );
  });
});

describe("a host", () => {
  test.each(["metadata", "METADATA", "metadata.", "metadata.google.internal", "Metadata.Google.Internal.."])(
    "named %s is refused",
    (name) => {
      expect(isForbiddenHost(name)).toBe(true);
      expect(() => checkHost(name)).toThrow(CauseError);
    },
  );

  test.each(["metadata.example.com", "my-metadata", "google.internal", "localhost", "", "."])(
    "named %j is asked the resolver for",
    (name) => {
      expect(isForbiddenHost(name)).toBe(false);
      expect(() => checkHost(name)).not.toThrow();
    },
  );
});

describe("a lookup", () => {
  test("passes what the resolver found, in both forms of the call", async () => {
    const lookup = guardedLookup(checkAddress, systemLookup);
    expect(await run(lookup, "localhost", false)).toMatchObject({ error: null, found: expect.any(String) });
    const { found } = await run(lookup, "localhost", true);
    expect(found).toContainEqual({ address: "127.0.0.1", family: 4 });
  });

  test.each([true, false])(
    "of a name that leads to the metadata server is refused (all: %s)",
    async (all) => {
      const { error, found } = await run(
        guardedLookup(checkAddress, answering("169.254.169.254")),
        "innocent.example.com",
        all,
      );
      expect(error).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
      expect(JSON.stringify(found)).not.toContain("169.254");
    },
  );

  test("is refused when one of several addresses is", async () => {
    const lookup = guardedLookup(checkAddress, answering("127.0.0.1", "::ffff:a9fe:a9fe"));
    expect((await run(lookup, "mixed.example.com", true)).error).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  });

  test("of a forbidden name is refused wherever it leads", async () => {
    const lookup = guardedLookup(checkAddress, answering("127.0.0.1"));
    expect((await run(lookup, "metadata.google.internal.", true)).error).toMatchObject({
      code: "ADDRESS_FORBIDDEN",
    });
  });

  test("passes the resolver's own error on", async () => {
    const { error } = await run(guardedLookup(), "no-such-host.invalid", true);
    expect((error as NodeJS.ErrnoException).code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });
});
