import type { Operation } from "../../gcp/operations.ts";
import type { Known } from "../../gcp/transport.ts";

/** What is known of an operation that was begun. */
export type Progress =
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly message: string }
  /** It ended well, nobody began one here, or nobody knows it any more: only the resource can tell. */
  | { readonly kind: "no-word" };

/**
 * Operations that this process began, by what they are about. A crash loses them, so nothing may depend on them but the
 * reason that is told and the time that is waited.
 */
export interface Begun {
  remember(about: string, operation: Operation): void;
  /** `poll` asks the API. What has failed is told once and then forgotten, so that it can be begun again. */
  progress(about: string, poll: (name: string) => Promise<Known<Operation>>): Promise<Progress>;
}

export function createBegun(): Begun {
  const names = new Map<string, string>();
  return {
    remember: (about, { name }) => void names.set(about, name),
    async progress(about, poll) {
      const name = names.get(about);
      if (name === undefined) return { kind: "no-word" };
      const found = await poll(name);
      if (found.kind === "known" && found.value.kind === "running") return { kind: "running" };
      // What cannot be asked for a moment is asked again.
      if (found.kind === "unknown") return { kind: "no-word" };
      names.delete(about);
      return found.kind === "known" && found.value.kind === "failed"
        ? { kind: "failed", message: found.value.message }
        : { kind: "no-word" };
    },
  };
}
