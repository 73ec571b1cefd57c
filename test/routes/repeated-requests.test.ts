import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { array, assert, asyncProperty, boolean, constant, constantFrom, nat, oneof } from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createRepeatedRequests, type RepeatedRequests } from "../../routes/repeated-requests.ts";
import { eventually } from "../support/wait.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

interface Served {
  readonly port: number;
  readonly server: Server;
  readonly repeated: RepeatedRequests;
  /** What Node has read. */
  readonly read: string[];
  /** Whether the next time is answered without reading. */
  answering: boolean;
  /** Lets the requests for `/held` go. */
  release(): void;
}

/** Answers every request with what it is; `/hot…` is offered, as a health route does it. */
async function serve(repeats = true): Promise<Served> {
  const read: string[] = [];
  const held: ServerResponse[] = [];
  const repeated = createRepeatedRequests();
  const server = createServer({ keepAliveTimeout: 300 }, (request, response) => {
    const seen = describeRequest(request);
    read.push(seen);
    if (request.url === "/held") {
      held.push(response);
      return;
    }
    if (repeats && request.url?.startsWith("/hot") === true) {
      repeated.offer(request, response, () => (served.answering ? rawAnswer(seen) : undefined));
    }
    answer(response, seen);
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({ close: () => server.close().closeAllConnections() });
  const served: Served = {
    port: (server.address() as AddressInfo).port,
    server,
    repeated,
    read,
    answering: true,
    release: () => held.splice(0).forEach((response) => answer(response, "held")),
  };
  return served;
}

const describeRequest = ({ method, url, rawHeaders }: IncomingMessage): string =>
  `${method} ${url} ${rawHeaders.join("|")}`;

const answer = (response: ServerResponse, text: string): void => {
  response.sendDate = false;
  response.writeHead(200, ["content-length", String(text.length)]);
  response.end(text);
};

const rawAnswer = (text: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=0\r\n\r\n${text}`;

/** A client that says exactly which bytes leave together. */
async function dial(
  port: number,
): Promise<{ socket: Socket; received: () => string; bodies: () => string[] }> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let text = "";
  socket.setEncoding("latin1").on("data", (piece: string) => (text += piece));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  open.push({ close: () => void socket.destroy() });
  return { socket, received: () => text, bodies: () => bodiesIn(text) };
}

function bodiesIn(text: string): string[] {
  const bodies: string[] = [];
  let rest = text;
  for (;;) {
    const found =
      /^HTTP\/1\.1 \d+ [^\r]*\r\n(?:[^\r]*\r\n)*?content-length: (\d+)\r\n(?:[^\r]*\r\n)*?\r\n/.exec(rest);
    if (found === null) return bodies;
    const end = found[0].length + Number(found[1]);
    if (rest.length < end) return bodies;
    bodies.push(rest.slice(found[0].length, end));
    rest = rest.slice(end);
  }
}

const HOT = "GET /hot HTTP/1.1\r\nHost: here\r\n\r\n";
const HOT_BODY = "GET /hot Host|here";

/** Long enough for bytes on the loopback to be read apart from the next. */
const apart = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn += 1) await setImmediate();
};

async function exchange(port: number, pieces: readonly string[], expected: number): Promise<string[]> {
  const { socket, bodies } = await dial(port);
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    await apart();
  }
  await eventually(async () => expect(bodies().length).toBeGreaterThanOrEqual(expected));
  return bodies();
}

/** The second shows that they repeat, the third what their bytes are. */
const LEARNT = [HOT_BODY, HOT_BODY, HOT_BODY];

async function repeat(socket: Socket, bodies: () => string[], times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) {
    const next = bodies().length + 1;
    socket.write(HOT);
    await eventually(async () => expect(bodies()).toHaveLength(next));
  }
}

describe("a request that comes again on its connection", () => {
  test("is answered without being read, with the bytes that Node would send", async () => {
    const { port, read } = await serve();
    const { socket, received, bodies } = await dial(port);
    await repeat(socket, bodies, 6);
    expect(read).toEqual(LEARNT);
    const answers = received().split(/(?=HTTP\/1\.1)/);
    expect(new Set(answers)).toEqual(new Set([answers[0]]));
  });

  test("is read on every other connection first", async () => {
    const { port, read } = await serve();
    await exchange(port, [HOT, HOT, HOT, HOT], 4);
    await exchange(port, [HOT, HOT, HOT, HOT], 4);
    // That it repeats is known by then.
    expect(read).toEqual([...LEARNT, HOT_BODY, HOT_BODY]);
  });

  test.each([
    ["in two pieces", ["GET /hot HTTP/1.1\r\nHo", "st: here\r\n\r\n"]],
    ["with another header", ["GET /hot HTTP/1.1\r\nHost: here\r\nA: b\r\n\r\n"]],
    ["twice in one piece", [`${HOT}${HOT}`]],
    ["with spaces that mean nothing", ["GET /hot HTTP/1.1\r\nHost:  here\r\n\r\n"]],
    ["after an empty line", [`\r\n${HOT}`]],
  ])("is read when it comes %s", async (_how, pieces) => {
    const { port, read } = await serve();
    const expected = pieces.join("").split("GET ").length - 1;
    const bodies = await exchange(port, [HOT, HOT, HOT, ...pieces], 3 + expected);
    expect(bodies).toEqual(read);
    expect(read).toHaveLength(3 + expected);
  });

  test.each([
    ["it has no body", "HEAD /hot HTTP/1.1\r\nHost: here\r\n\r\n"],
    ["it is of HTTP/1.0", "GET /hot HTTP/1.0\r\nHost: here\r\nConnection: keep-alive\r\n\r\n"],
    ["it asks to continue", "GET /hot HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n\r\n"],
    ["it brings bytes", "GET /hot HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc"],
    ["it brings a chunk", "GET /hot HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["it is long", `GET /hot HTTP/1.1\r\nHost: here\r\nLong: ${"x".repeat(4096)}\r\n\r\n`],
  ])("is read each time where %s", async (_why, request) => {
    const { port, read } = await serve();
    const { socket } = await dial(port);
    for (let turn = 1; turn <= 5; turn += 1) {
      socket.write(request);
      await eventually(async () => expect(read).toHaveLength(turn));
    }
  });

  test("is read when nobody can say how it is answered now, and answered unread after that", async () => {
    const served = await serve();
    const { socket, bodies } = await dial(served.port);
    const readAfter = async (times: number): Promise<number> => {
      await repeat(socket, bodies, times);
      return served.read.length;
    };
    expect(await readAfter(5)).toBe(3);
    served.answering = false;
    expect(await readAfter(2)).toBe(5);
    served.answering = true;
    expect(await readAfter(2)).toBe(5);
    served.repeated.stop();
    expect(await readAfter(2)).toBe(7);
  });

  test("waits behind an answer that is still owed", async () => {
    const served = await serve();
    const { socket, bodies } = await dial(served.port);
    await repeat(socket, bodies, 4);
    socket.write("GET /held HTTP/1.1\r\nHost: here\r\n\r\n");
    await apart();
    socket.write(HOT);
    await apart();
    socket.write(HOT);
    await eventually(async () => expect(served.read).toHaveLength(6));
    expect(bodies()).toHaveLength(4);
    served.release();
    await eventually(async () => expect(bodies()).toEqual([...LEARNT, HOT_BODY, "held", HOT_BODY, HOT_BODY]));
  });

  test("is read for good, the quick way, on a connection whose requests differ", async () => {
    const { port, server } = await serve();
    const sockets: Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    const differing = [1, 2, 3, 4].map((count) => HOT.replace("\r\n\r\n", `\r\nX: ${count}\r\n\r\n`));
    const { socket, bodies } = await dial(port);
    const own = (): unknown => sockets[0]?.listeners("data")[0];
    for (const [index, request] of differing.entries()) {
      socket.write(request);
      await eventually(async () => expect(bodies()).toHaveLength(index + 1));
    }
    const [before, after] = [own(), await repeat(socket, bodies, 2).then(own)];
    expect(before).not.toBe(after);
  });

  test("is not taken from the midst of another one", async () => {
    const { port } = await serve();
    const inHeader = ["GET /other HTTP/1.1\r\nHost: here\r\nX: ", HOT];
    const inBody = [`POST /other HTTP/1.1\r\nHost: here\r\nContent-Length: ${HOT.length}\r\n\r\n`, HOT];
    const bodies = await exchange(port, [HOT, HOT, HOT, ...inHeader, HOT, ...inBody, HOT], 7);
    expect(bodies).toEqual([
      ...LEARNT,
      "GET /other Host|here|X|GET /hot HTTP/1.1|Host|here",
      HOT_BODY,
      `POST /other Host|here|Content-Length|${HOT.length}`,
      HOT_BODY,
    ]);
  });

  test("is not learnt from bytes that end another one", async () => {
    const { port } = await serve();
    const hidden = "GET /hot/other HTTP/1.1\r\nHost: here\r\nX: ";
    expect(await exchange(port, [HOT, `${HOT}${hidden}`, HOT, HOT, HOT], 5)).toEqual([
      HOT_BODY,
      HOT_BODY,
      "GET /hot/other Host|here|X|GET /hot HTTP/1.1|Host|here",
      HOT_BODY,
      HOT_BODY,
    ]);
  });

  test("is not learnt from a head whose body is still to come", async () => {
    const { port } = await serve();
    const head = "GET /hot HTTP/1.1\r\nHost: here\r\nContent-Length: 53\r\n\r\n";
    expect(head).toHaveLength(53);
    expect(await exchange(port, [HOT, HOT, head, head, HOT, HOT], 5)).toEqual([
      HOT_BODY,
      HOT_BODY,
      `${HOT_BODY}|Content-Length|53`,
      HOT_BODY,
      HOT_BODY,
    ]);
  });

  test("is not read on from a client that takes no answers", async () => {
    const { port, server } = await serve();
    const sockets: Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    const { socket, bodies } = await dial(port);
    const request = `GET /hot HTTP/1.1\r\nHost: here\r\nLong: ${"x".repeat(3000)}\r\n\r\n`;
    for (let turn = 1; turn <= 4; turn += 1) {
      socket.write(request);
      await eventually(async () => expect(bodies()).toHaveLength(turn));
    }
    socket.pause();
    const most = 20_000;
    let sent = 0;
    let stalled = false;
    while (sent < most && !stalled) {
      sent += 1;
      if (socket.write(request)) await apart();
      else stalled = (await Promise.race([once(socket, "drain"), sleep(500, "stalled")])) === "stalled";
    }
    expect(stalled).toBe(true);
    expect(sockets[0]?.writableLength).toBeLessThan(1_000_000);
    socket.resume();
    await eventually(async () => expect(bodies()).toHaveLength(4 + sent), { deadlineMs: 20_000 });
    expect(new Set(bodies()).size).toBe(1);
  });

  test("keeps its connection for as long as the server keeps an idle one, and no longer", async () => {
    const { port, read } = await serve();
    const { socket, bodies } = await dial(port);
    let closed = false;
    socket.once("close", () => (closed = true));
    for (let turn = 1; turn <= 10; turn += 1) {
      socket.write(HOT);
      await eventually(async () => expect(bodies()).toHaveLength(turn));
      await sleep(100);
    }
    expect(read).toEqual(LEARNT);
    expect(closed).toBe(false);
    await eventually(async () => expect(closed).toBe(true), { deadlineMs: 10_000 });
  });
});

test("what a client is told does not depend on whether repeats are read, whatever it sends and however it is cut", async () => {
  const requests = [
    HOT,
    "GET /hot/other HTTP/1.1\r\nHost: here\r\n\r\n",
    "GET /cold HTTP/1.1\r\nHost: here\r\n\r\n",
    `GET /cold HTTP/1.1\r\nHost: here\r\nX: ${HOT.slice(0, 16)}\r\n\r\n`,
    `POST /hot HTTP/1.1\r\nHost: here\r\nContent-Length: ${HOT.length}\r\n\r\n${HOT}`,
    `POST /cold HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n${HOT.length.toString(16)}\r\n${HOT}\r\n0\r\n\r\n`,
  ];
  const weighted = oneof({ weight: 3, arbitrary: constant(HOT) }, constantFrom(...requests));
  const [repeating, reading] = await Promise.all([serve(), serve(false)]);
  await assert(
    asyncProperty(
      array(weighted, { minLength: 1, maxLength: 12 }),
      array(nat({ max: 900 }), { maxLength: 4 }),
      boolean(),
      async (sent, cuts, whole) => {
        const text = sent.join("");
        const ends = sent.map((_request, index) => sent.slice(0, index + 1).join("").length);
        const places = [...new Set([...(whole ? ends : []), ...cuts])].filter((at) => at < text.length);
        const edges = [0, ...places.toSorted((a, b) => a - b), text.length];
        const pieces = edges.slice(1).map((end, index) => text.slice(edges[index], end));
        const told = await Promise.all(
          [repeating, reading].map(({ port }) => exchange(port, pieces.filter(Boolean), sent.length)),
        );
        expect(told[0]).toEqual(told[1]);
      },
    ),
    { numRuns: 150 },
  );
  expect(repeating.read.length).toBeLessThan(reading.read.length);
});
