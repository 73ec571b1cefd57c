import type { Figures } from "../figures.ts";
import type { FaultResult, Watched } from "../parts/faults.ts";
import { connectionCounts, type Throughput } from "../parts/throughput.ts";
import { bareFastify, bareNodeHttp, constant, ours, peers } from "../servers.ts";
import type { Target } from "../goal.ts";
import { outcomeText } from "./fault-text.ts";
import { fixed, spreadText, whole } from "./numbers.ts";
import { type Align, table } from "./table.ts";

const left = (title: string): [string, Align] => [title, "left"];
const right = (title: string): [string, Align] => [title, "right"];
const verdicts = new Map<boolean | null, string>([
  [true, "met"],
  [false, "**missed**"],
  [null, "not measured"],
]);

/** What is aimed at, and what this run says. */
export function targetsTable(targets: readonly Target[]): string {
  return table(
    [left("what"), right("target"), right("measured"), left("verdict")],
    targets.map(({ what, target, measured, met }) => [what, target, measured, verdicts.get(met) ?? ""]),
  );
}

/** What each server does for a request. */
export function serversTable(): string {
  return table(
    [left("server"), left("what it does")],
    [ours, bareFastify, bareNodeHttp, constant, ...peers].map(({ name, does }) => [name, does]),
  );
}

/** Rate, latency and cost, one table for each number of connections. */
export function throughputTables({ throughput = [] }: Figures): readonly string[] {
  return connectionCounts.flatMap((connections) => [
    `### ${connections} connections`,
    table(
      [
        left("server"),
        right("slices"),
        right("requests/s"),
        right("× bare Fastify"),
        right("× bare node:http"),
        right("CPU µs/request"),
        right("CPU × bare Fastify"),
        right("not 2xx"),
      ],
      throughput
        .filter((each) => each.connections === connections)
        .map((each) => [
          each.name,
          slicesText(each),
          whole(each.requestsPerSecond),
          spreadText(each.toBareFastify),
          spreadText(each.toBareNodeHttp),
          fixed(each.cpuUsPerRequest, 1),
          spreadText(each.cpuToBareFastify),
          whole(each.bad),
        ]),
    ),
  ]);
}

function slicesText({ slices, disturbed, leftOut }: Throughput): string {
  if (disturbed === 0) {
    return String(slices);
  }
  return leftOut ? `${slices} (−${disturbed})` : `${slices} (${disturbed} disturbed)`;
}

/** What a health question costs the backends. */
export function observationTables({ observations }: Figures): readonly string[] {
  const own = observations?.own ?? [];
  const names = ["Postgres", "ClickHouse", "Redis"].map(right);
  return [
    "Greenlight, observations of each backend in an interval of one second, and the most connections open at one time:",
    table(
      [left("while"), right("requests"), ...names, left("most connections at a time")],
      own.map(({ at, requests, perInterval, mostSessions }) => [
        at,
        whole(requests),
        fixed(perInterval.postgres),
        fixed(perInterval.clickhouse),
        fixed(perInterval.redis),
        `Postgres ${mostSessions.postgres}, ClickHouse ${mostSessions.clickhouse}, Redis ${mostSessions.redis}`,
      ]),
    ),
    "The peers under load from 32 connections, queries for each request and each second:",
    table(
      [
        left("server"),
        right("Postgres/request"),
        right("Redis/request"),
        right("Postgres/s"),
        right("Redis/s"),
      ],
      (observations?.peers ?? []).map(({ name, perRequest, perSecond }) => [
        name,
        fixed(perRequest.postgres),
        fixed(perRequest.redis),
        whole(perSecond.postgres),
        whole(perSecond.redis),
      ]),
    ),
  ];
}

/** What clients see while backends break: Greenlight's, then the peers'. */
export function faultTables({ faults = [] }: Figures): readonly string[] {
  const met = (name: string): boolean => faults.some((fault) => find(fault, name) !== undefined);
  const of = (names: readonly string[]): string =>
    table(
      [left("fault"), ...names.map(left)],
      faults
        .filter((fault) => names.some((name) => find(fault, name) !== undefined))
        .map((fault) => [`${fault.id}: ${fault.title}`].concat(names.map((name) => cell(fault, name)))),
    );
  const others = peers.map(({ name }) => name).filter(met);
  return [of([ours.name, bareNodeHttp.name]), ...(others.length === 0 ? [] : [of(others)])];
}

const find = (fault: FaultResult, wanted: string): Watched | undefined =>
  fault.servers.find(({ name }) => name === wanted);

function cell(fault: FaultResult, name: string): string {
  const server = find(fault, name);
  return server === undefined ? "–" : outcomeText(fault, server);
}

/** From the spawn of the process to an answer. */
export function startTable({ start = [] }: Figures): string {
  return table(
    [left("first 200 of"), right("ms"), right("× bare Fastify")],
    start.map(({ what, ms, toBareFastify }) => [what, spreadText(ms, 0), spreadText(toBareFastify)]),
  );
}

/** Resident memory at rest. */
export function memoryTable({ memory = [] }: Figures): string {
  return table(
    [left("server"), right("resident MiB")],
    memory.map(({ name, residentMiB }) => [name, spreadText(residentMiB, 1)]),
  );
}
