/** Attributes of a `<testsuite>`. */
type Attributes = Readonly<Record<string, string>>;

/** What the suites of a report count as red, and no test of theirs tells. */
export interface Lost {
  readonly failures: number;
  /** Of the first suite for which the two differ. */
  readonly said: number;
  readonly told: number;
}

/**
 * Compares what each outermost suite says of itself with its tests. A file that could not be loaded is counted by some
 * reporters and named by none of their tests; so is what failed outside every test.
 */
export class Totals {
  #said = 0;
  #told = 0;
  /** Failures that belong to no test. */
  #stray = 0;
  #lost: Lost | undefined;

  open({ failures, errors }: Attributes): void {
    this.#said = amount(failures) + amount(errors);
    this.#told = 0;
    this.#stray = 0;
  }

  /** A test ended so many times in red: some reporters write each failed expectation of one. */
  tell(endings: number): void {
    this.#told += endings;
  }

  stray(): void {
    this.#stray += 1;
  }

  close(): void {
    const failures = Math.max(this.#stray, this.#said - this.#told);
    if (failures <= 0) return;
    const before = this.#lost;
    this.#lost = {
      failures: (before?.failures ?? 0) + failures,
      said: before?.said ?? Math.max(this.#said, this.#told + this.#stray),
      told: before?.told ?? this.#told,
    };
  }

  get lost(): Lost | undefined {
    return this.#lost;
  }
}

const amount = (text: string | undefined): number =>
  text !== undefined && /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
