// @ts-check

/**
 * A clock for ages, in ms from any beginning. While a machine sleeps some browsers stop `performance.now()`, and the clock
 * on the wall may be set; it goes on by whichever went further, so that nothing old is taken for new.
 *
 * @param {{ monotonic: () => number, wall: () => number }} sources
 * @returns {() => number}
 */
export function createAgeClock({ monotonic, wall }) {
  let lastMonotonic = monotonic();
  let lastWall = wall();
  let now = 0;
  return function read() {
    const nextMonotonic = monotonic();
    const nextWall = wall();
    now += Math.max(0, nextMonotonic - lastMonotonic, nextWall - lastWall);
    lastMonotonic = nextMonotonic;
    lastWall = nextWall;
    return now;
  };
}
