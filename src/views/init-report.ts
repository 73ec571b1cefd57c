/** What `init` found, wrote and leaves to do; holds no value of a variable. */
export interface InitReport {
  readonly schemaVersion: 1;
  readonly command: "init";
  readonly dryRun: boolean;
  readonly found: readonly {
    /** `postgres`, `pytest`, `github`. */
    readonly what: string;
    /** That the configuration reads. */
    readonly variable?: string;
    readonly where: readonly string[];
  }[];
  /** What was seen and could not be used. */
  readonly notes: readonly string[];
  readonly suite: string;
  readonly files: readonly {
    readonly path: string;
    readonly action: "written" | "replaced" | "unchanged" | "kept" | "would be written" | "would be replaced";
    /** With `--dry-run`. */
    readonly text?: string;
  }[];
  readonly nextSteps: readonly string[];
}
