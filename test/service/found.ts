import { eventually } from "../support/wait.ts";

/** `eventually`, for what is looked at afterwards: gives the first answer that is not false. */
export async function found<T>(
  attempt: () => T | false | Promise<T | false>,
  options?: { deadlineMs?: number; intervalMs?: number },
): Promise<T> {
  return (await eventually<T | false>(attempt, options)) as T;
}
