/** Makes a source of bytes that look random and are the same for the same seed (mulberry32). */
export function randomBytes(seed: number): (length: number) => Buffer {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  }
  return (length) => Buffer.from(Array.from({ length }, next));
}
