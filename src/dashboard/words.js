// @ts-check

const STEPS = /** @type {const} */ ([
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
]);

/**
 * A length of time in at most two units: `4 s`, `1 h 5 min`.
 *
 * @param {number} ms
 */
export function span(ms) {
  const first = STEPS.findIndex(([size]) => ms >= size);
  if (first === -1) return "under 1 s";
  const [size, unit] = STEPS[first] ?? STEPS[3];
  const [lesser, lesserUnit] = STEPS[first + 1] ?? [size, unit];
  const whole = Math.floor(ms / size);
  const rest = Math.floor((ms % size) / lesser);
  return rest > 0 && lesser < size ? `${whole} ${unit} ${rest} ${lesserUnit}` : `${whole} ${unit}`;
}

/** @param {number} ms */
export const ago = (ms) => (ms < 1000 ? "now" : `${span(ms)} ago`);

/** @param {number} ms */
export const latency = (ms) => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** `a, b and c`. @param {readonly string[]} items */
export const listed = (items) =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Characters that steer, such as those that turn the direction of what follows, as one that shows that they were there:
 * names and messages were written by others.
 *
 * @param {string} text
 */
export const visible = (text) =>
  text.replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, (each) =>
    each === "\n" || each === "\t" ? " " : "\uFFFD",
  );
