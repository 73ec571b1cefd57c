/** Ids, needs, phases and priorities. */
import type { PlanFault } from "./plan-fault.ts";
import { allNeeds, findCycles } from "./plan-graph.ts";
import type { LintInput } from "./plan-lint-input.ts";

export function lintOrder(input: LintInput): readonly PlanFault[] {
  return [
    ...duplicates(input),
    ...unknownNeeds(input),
    ...cycles(input),
    ...phases(input),
    ...priorities(input),
  ];
}

function duplicates({ nodes }: LintInput): PlanFault[] {
  const first = new Map<string, number>();
  return nodes.flatMap(({ id, index }): PlanFault[] => {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, index);
      return [];
    }
    return [
      {
        code: "PLAN_STEP_DUPLICATE",
        path: `steps.${index}.id`,
        expected: "an id that no other step has",
        found: `\`${id}\`, which step ${before + 1} has`,
      },
    ];
  });
}

function unknownNeeds({ nodes, suggest }: LintInput): PlanFault[] {
  const known = new Set(nodes.map(({ id }) => id));
  const listed = [...known].slice(0, 12).map((id) => `\`${id}\``);
  return nodes.flatMap(({ needs, index }) =>
    needs.flatMap((need, position): PlanFault[] =>
      known.has(need)
        ? []
        : [
            {
              code: "PLAN_NEEDS_UNKNOWN",
              path: `steps.${index}.needs.${position}`,
              expected: `the id of a step: ${listed.join(", ")}${known.size > listed.length ? ", …" : ""}`,
              found: `\`${need}\``,
              ...suggestion(suggest(need, [...known])),
            },
          ],
    ),
  );
}

const suggestion = (near: string | undefined): Pick<PlanFault, "suggestion"> =>
  near === undefined ? {} : { suggestion: `did you mean \`${near}\`?` };

function cycles({ nodes }: LintInput): PlanFault[] {
  return findCycles(nodes).flatMap((cycle): PlanFault[] => {
    const at = nodes.find(({ id }) => id === cycle[0]);
    return at === undefined
      ? []
      : [
          {
            code: "PLAN_NEEDS_CYCLE",
            path: `steps.${at.index}.needs`,
            expected: "needs that lead to a step without any",
            found: cycle.map((id) => `\`${id}\``).join(" needs "),
          },
        ];
  });
}

function phases({ nodes }: LintInput): PlanFault[] {
  const phaseOf = new Map(nodes.map(({ id, phase }) => [id, phase]));
  return nodes.flatMap(({ needs, phase: own, index }) =>
    needs.flatMap((need, position): PlanFault[] => {
      const phase = phaseOf.get(need);
      if (phase === undefined || own === undefined || phase <= own) return [];
      return [
        {
          code: "PLAN_PHASE_ORDER",
          path: `steps.${index}.needs.${position}`,
          expected: `a step of phase ${own} or an earlier one`,
          found: `\`${need}\` of phase ${phase}`,
        },
      ];
    }),
  );
}

/** The first P2 that a P0 waits for, of each. */
function priorities({ steps }: LintInput): PlanFault[] {
  const needs = allNeeds(steps.map(({ step }) => step));
  const late = steps.filter(({ step }) => step.priority === "P2");
  return steps.flatMap(({ step, index }): PlanFault[] => {
    if (step.priority !== "P0") return [];
    const first = late.find(
      ({ step: other }) => other.phase < step.phase || needs.get(step.id)?.has(other.id) === true,
    );
    if (first === undefined) return [];
    const { id, phase } = first.step;
    const how = phase < step.phase ? `in the earlier phase ${phase}` : "that it needs";
    return [
      {
        code: "PLAN_PRIORITY_ORDER",
        path: `steps.${index}.priority`,
        expected: "a step of P0 before all of P2",
        found: `\`${id}\` of P2 ${how}`,
      },
    ];
  });
}
