export interface Trouble {
  /** Something went wrong once more; told when it is not what was told last. Gives for how long it has lasted, in ms. */
  met(note: string): number;
  /** What follows from it; told once for each trouble. */
  told(note: string): void;
  /** All is well again; told when trouble was. */
  over(): void;
}

/** Tells each trouble once, and its end. */
export function createTrouble(onNote: (note: string) => void, shown: string): Trouble {
  let told: string | undefined;
  let since = 0;
  let added: string | undefined;
  return {
    met(note) {
      const now = performance.now();
      if (told === undefined) since = now;
      if (told !== note) onNote(note);
      told = note;
      return now - since;
    },
    told(note) {
      if (added !== note) onNote(note);
      added = note;
    },
    over() {
      if (told === undefined) return;
      told = undefined;
      added = undefined;
      onNote(`${shown} answers again.`);
    },
  };
}

export interface LossListeners {
  /** At the first trouble of each. */
  readonly onTrouble?: () => void;
  /** Once; it is not asked any more then. */
  readonly onLost?: (reason: string) => void;
}

/** The service has given no answer for so long that others have to look. */
export class ServiceLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ServiceLostError";
  }
}
