export interface ShownLease {
  readonly holder: string;
}

/** The lease on a suite as the service at `url` shows it; undefined when there is none. */
export async function leaseOf(url: string, suite: string): Promise<ShownLease | undefined> {
  const response = await fetch(`${url}/gate/${suite}`);
  return ((await response.json()) as { lease?: ShownLease }).lease;
}
