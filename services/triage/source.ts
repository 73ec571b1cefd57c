/** One report, as bytes. Whoever reads files hands these in. */
export interface ReportSource {
  /** What people call it: its path. */
  readonly name: string;
  /** Opens it; called once. Iterating may throw where the file cannot be read. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** What was wrong with a report, and what it should have been. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly expected: string;
  readonly found: string;

  constructor({ expected, found }: { expected: string; found: string }) {
    super(`expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}
