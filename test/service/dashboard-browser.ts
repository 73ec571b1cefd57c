import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { findBinary } from "../../src/sandbox/binaries.ts";

/** The path of a browser that speaks the DevTools protocol; undefined where there is none. */
export const chromium = findBinary(["chromium", "chromium-browser", "google-chrome"]);

type Params = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** One page in a browser of its own. */
export interface BrowserPage {
  /** All that the console, the network and the policy complained of. */
  readonly complaints: readonly string[];
  /** Of every request that left: method, URL, and headers. */
  readonly requests: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[];
  /** Forgets complaints and requests so far. */
  forget(): void;
  open(url: string): Promise<void>;
  /** What an expression comes to, promises awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Resolves once an expression is true; looks after each change of the page. */
  until(expression: string): Promise<void>;
  send(method: string, params?: Params): Promise<Params>;
  close(): Promise<void>;
}

/** Starts a browser with a profile of its own and one empty page. */
export async function openBrowser(program: string): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), "greenlight-browser-"));
  const args = [
    "--headless=new",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    // The sandbox of the browser does not work for root, as which containers run tests.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "about:blank",
  ];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const socket = new WebSocket(await endpointOf(child));
  await once(socket, "open");
  const waiting = new Map<number, { resolve: (result: Params) => void; reject: (error: Error) => void }>();
  const complaints: string[] = [];
  const requests: { url: string; headers: Readonly<Record<string, string>> }[] = [];
  let lastId = 0;
  let sessionId: string | undefined;
  let onLoad: (() => void) | undefined;

  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString("utf8")) as Message;
    const call = waiting.get(message.id ?? -1);
    if (call === undefined) hear(message);
    else if (message.error === undefined) call.resolve(message.result ?? {});
    else call.reject(new Error(message.error.message));
    waiting.delete(message.id ?? -1);
  });

  function hear({ method, params = {} }: Message): void {
    if (method === "Page.loadEventFired") onLoad?.();
    else if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") {
      complaints.push(JSON.stringify(params));
    } else if (method === "Runtime.consoleAPICalled" && params.type !== "log") {
      complaints.push(JSON.stringify(params));
    } else if (method === "Network.requestWillBeSent") {
      requests.push(params.request as { url: string; headers: Readonly<Record<string, string>> });
    }
  }

  function send(method: string, params: Params = {}): Promise<Params> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  }

  async function evaluate<T>(expression: string): Promise<T> {
    const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const { exceptionDetails, result } = answer as {
      exceptionDetails?: { exception?: { description?: string } };
      result: { value: T };
    };
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? "threw");
    return result.value;
  }

  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  ({ sessionId } = (await send("Target.attachToTarget", { targetId, flatten: true })) as {
    sessionId: string;
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);

  return {
    complaints,
    requests,
    evaluate,
    send,
    forget() {
      complaints.length = 0;
      requests.length = 0;
    },
    async open(url) {
      // Told by the browser: a page without scripts tells nothing by itself.
      const loaded = new Promise<void>((resolve) => (onLoad = resolve));
      await send("Page.navigate", { url });
      await loaded;
    },
    async until(expression) {
      await evaluate(`new Promise((resolve, reject) => {
        const look = () => { if (!(${expression})) return; watcher.disconnect(); clearTimeout(timer); resolve(true); };
        const watcher = new MutationObserver(look);
        watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        const timer = setTimeout(() => reject(new Error("it did not come true within 20 s: " + ${JSON.stringify(expression)} + "\\n" + document.body?.innerText)), 20000);
        look();
      })`);
    },
    async close() {
      socket.terminate();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function endpointOf({ stderr }: ChildProcess): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stderr as NodeJS.ReadableStream })) {
    const url = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
    lines.push(line);
  }
  throw new Error(`the browser ended before it listened: ${lines.join("\n")}`);
}
