/** Schemas that are published in one way and checked in another, for the sake of what a fault says. */
import * as v from "valibot";

/**
 * One of several shapes. A plain union can only say that none of them fits; here what is given decides which one was
 * meant, and the faults are those of that one.
 *
 * @param shapes as published, one of which must fit
 * @param choose the schema that checks such an input
 */
export function either<Read extends v.GenericSchema>(
  shapes: readonly v.GenericSchema[],
  choose: (input: unknown) => Read,
): v.GenericSchema<v.InferInput<Read>, v.InferOutput<Read>> {
  return {
    ...v.union([...shapes]),
    "~run": (dataset, config) => choose(dataset.value)["~run"](dataset, config),
  };
}

/** Any text passes here: what is wrong with it is said where more is known of it. */
export function checkedLater(published: v.GenericSchema<string, string>): v.GenericSchema<string, string> {
  const anyText = v.string("text (in quotes when it looks like a number)");
  return { ...published, "~run": (dataset, config) => anyText["~run"](dataset, config) };
}
