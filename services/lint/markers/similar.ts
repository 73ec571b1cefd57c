/**
 * The one name that was probably meant, or `undefined`: nothing is near, or two are as near. Names that differ in their
 * digits alone (`py38`, `py39`) are two names.
 */
export function probablyMeant(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const other of known) {
    if (other === name || other.replaceAll(/\d/g, "") === name.replaceAll(/\d/g, "")) continue;
    const apart = plain(other) === plain(name) ? 0 : distance(name, other);
    if (apart > allowed(Math.min(name.length, other.length)) || apart > least) continue;
    best = apart === least ? undefined : other;
    least = apart;
  }
  return best;
}

/** Short names are near to everything. */
function allowed(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, "");

/** Damerau-Levenshtein (optimal string alignment): letters left out, added, replaced, or two next to each other swapped. */
export function distance(a: string, b: string): number {
  const [from, to] = [Array.from(a), Array.from(b)];
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const replaced = (above[j] ?? 0) + Number(letter !== other);
      let least = Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1);
      const swapped = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other;
      if (swapped) least = Math.min(least, (before[j - 1] ?? 0) + 1);
      row.push(least);
    }
    [before, above] = [above, row];
  }
  return above.at(-1) ?? 0;
}
