// @ts-check

/** An event of the service is a few hundred characters. */
const LONGEST_LINE = 1_000_000;

/** @typedef {{ readonly type: string, readonly id: string, readonly data: string }} StreamEvent */

/**
 * Takes a stream of server-sent events apart, in whatever pieces it comes. `EventSource` cannot carry a token.
 *
 * @returns {(text: string) => readonly StreamEvent[]}
 */
export function createEventParser() {
  let waiting = "";
  let type = "";
  let id = "";
  /** @type {string[]} */
  let data = [];

  /** @param {string} line @returns {StreamEvent[]} */
  function take(line) {
    if (line === "") {
      const event = { type: type === "" ? "message" : type, id, data: data.join("\n") };
      const isEvent = data.length > 0;
      type = "";
      data = [];
      return isEvent ? [event] : [];
    }
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "event") type = value;
    else if (name === "data") data.push(value);
    else if (name === "id") id = value;
    return [];
  }

  return function feed(text) {
    waiting += text;
    const lines = waiting.split(/\r\n|\n|\r(?!$)/);
    waiting = lines.pop() ?? "";
    if (waiting.length > LONGEST_LINE) throw new RangeError("a line of the stream has no end");
    return lines.flatMap(take);
  };
}
