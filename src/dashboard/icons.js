// @ts-check

/** One shape for each tone, so that nobody has to tell colours apart. @type {Readonly<Record<import("./types.ts").Tone, string>>} */
const SHAPES = {
  // A circle with a tick.
  go: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.3 14.6-4.3-4.3 1.8-1.8 2.5 2.5 5.3-5.3 1.8 1.8z",
  // A clock.
  wait: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1.3 10.5 3.6 2.2-1.3 2.1-4.9-3V6h2.6z",
  // An octagon with a cross.
  stop: "M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9zm1.6 5.7L7.7 9.5l2.5 2.5-2.5 2.5 1.8 1.8 2.5-2.5 2.5 2.5 1.8-1.8-2.5-2.5 2.5-2.5-1.8-1.8-2.5 2.5z",
  // A diamond with a question mark.
  unknown:
    "M12 1 23 12 12 23 1 12zm-1.2 14.2v2.4h2.4v-2.4zm-2.2-6h2.3c0-.7.5-1.1 1.1-1.1s1.1.4 1.1 1c0 1.2-2.3 1.5-2.3 4h2.3c0-1.5 2.4-1.9 2.4-4.1 0-1.9-1.5-3-3.4-3s-3.4 1.2-3.5 3.2z",
  // A ring.
  quiet: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 2.6a5.4 5.4 0 1 1 0 10.8 5.4 5.4 0 0 1 0-10.8z",
};

const SVG = "http://www.w3.org/2000/svg";

/** Beside a word that says the same, so hidden from who cannot see it. @param {import("./types.ts").Tone} tone */
export function icon(tone) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[tone]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
