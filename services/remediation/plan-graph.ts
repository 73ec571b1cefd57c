/** What must come before what in a plan; pure, and at peace with needs of steps that do not exist. */

export interface Node {
  readonly id: string;
  readonly needs: readonly string[];
}

/**
 * Steps that need each other: one cycle for each knot, as ids in the order of needing, the first again at the end. Empty
 * where there is an order.
 */
export function findCycles(nodes: readonly Node[]): readonly (readonly string[])[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const cycles: string[][] = [];
  for (;;) {
    const knot = knotted(byId);
    const [first] = knot.keys();
    if (first === undefined) return cycles;
    const cycle = follow(first, knot);
    cycles.push([...cycle, cycle[0] ?? first]);
    for (const id of cycle) byId.delete(id);
  }
}

/** What is left when whatever can be done is done: members of cycles, and what waits for them. */
function knotted(byId: ReadonlyMap<string, Node>): ReadonlyMap<string, Node> {
  const left = new Map(byId);
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const { id, needs } of byId.values()) {
    const present = [...new Set(needs)].filter((need) => byId.has(need));
    waiting.set(id, present.length);
    for (const need of present) dependents.set(need, [...(dependents.get(need) ?? []), id]);
  }
  const ready = [...waiting].flatMap(([id, count]) => (count === 0 ? id : []));
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    left.delete(id);
    for (const dependent of dependents.get(id) ?? []) {
      const count = (waiting.get(dependent) ?? 0) - 1;
      waiting.set(dependent, count);
      if (count === 0) ready.push(dependent);
    }
  }
  return left;
}

/** From a step of a knot, need after need, until one comes again. */
function follow(first: string, knot: ReadonlyMap<string, Node>): string[] {
  const seen: string[] = [];
  let id = first;
  while (!seen.includes(id)) {
    seen.push(id);
    id = knot.get(id)?.needs.find((need) => knot.has(need)) ?? id;
  }
  return seen.slice(seen.indexOf(id));
}

/** Of each step, all that it needs, directly or not. Cycles and unknown ids do no harm. */
export function allNeeds(nodes: readonly Node[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return new Map(
    nodes.map(({ id, needs }) => {
      const found = new Set<string>();
      const open = [...needs];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const node = byId.get(next);
        if (node === undefined || found.has(next)) continue;
        found.add(next);
        open.push(...node.needs);
      }
      return [id, found] as const;
    }),
  );
}
