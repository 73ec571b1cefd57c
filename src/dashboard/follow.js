// @ts-check
import { createEventParser } from "./event-stream.js";

/** The service writes a comment each 15 s. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

/** @typedef {{ readonly open: (lastId: string, signal: AbortSignal) => Promise<Response>, readonly onEvent: (type: string) => void, readonly onLive: (live: boolean) => void, readonly pause: (ms: number, signal: AbortSignal) => Promise<void>, readonly signal: AbortSignal }} FollowOptions */

/**
 * Follows the events until it is told to stop, or refused; opens the stream again whenever it ends. Whoever listens asks
 * for the data itself: an event says that something is another, and not what is true.
 *
 * @param {FollowOptions} options
 */
export async function follow({ open, onEvent, onLive, pause, signal }) {
  let lastId = "";
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const silence = createSilence(signal);
    try {
      const response = await open(lastId, silence.signal);
      if (response.status === 401 || response.status === 403) return;
      if (response.ok && response.body !== null) {
        pauseMs = FIRST_PAUSE_MS;
        onLive(true);
        // What happened while nobody listened.
        onEvent("open");
        lastId = await read(response.body, { silence, onEvent, lastId });
      }
    } catch {
      // It is opened again like one that ended.
    } finally {
      silence.end();
      onLive(false);
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {{ readonly silence: { heard: () => void }, readonly onEvent: (type: string) => void, readonly lastId: string }} options
 */
async function read(body, { silence, onEvent, lastId }) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const feed = createEventParser();
  let last = lastId;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return last;
    silence.heard();
    for (const { type, id } of feed(decoder.decode(value, { stream: true }))) {
      if (id !== "") last = id;
      onEvent(type);
    }
  }
}

/** Ends a stream on which nothing has come for too long: a connection may be dead without anybody saying so. @param {AbortSignal} outer */
function createSilence(outer) {
  const inner = new AbortController();
  const abort = () => inner.abort();
  let timer = setTimeout(abort, SILENCE_MS);
  return {
    signal: AbortSignal.any([outer, inner.signal]),
    heard() {
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MS);
    },
    end: () => clearTimeout(timer),
  };
}
