/** The paths that there are, the same in every service: no name of a dependency or suite, for whoever asks. */
export const PAGE_LINKS = {
  health: "/health",
  dependency: "/health/{name}",
  gates: "/gate",
  gate: "/gate/{suite}?wait=60s",
  why: "/why/{name}",
  context: "/context",
  findings: "/findings",
  incidents: "/incidents",
  plans: "/remediation/plans",
  runs: "/remediation/runs",
  events: "/events",
  metrics: "/metrics",
  live: "/health/live",
  ready: "/health/ready",
  documentation: "/docs",
  openapi: "/openapi.json",
} as const;
