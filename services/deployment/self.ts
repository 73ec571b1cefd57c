/** What a service says of itself at its own address: whether it takes requests, and what it observes. */
import { isRecord } from "../json.ts";
import { createRedact, oneLine } from "../redact.ts";
import type { DeploymentCheck, SelfAnswer } from "./check.ts";

const redact = createRedact([]);

export function judgeReady(ready: SelfAnswer): DeploymentCheck {
  if (ready.kind === "silent") return { ...silent(ready.because), name: "ready" };
  if (ready.status === 200) return { name: "ready", status: "pass", evidence: "/health/ready answers 200" };
  return {
    name: "ready",
    status: ready.status === 503 ? "pending" : "fail",
    evidence: `/health/ready answers ${ready.status}`,
    nextStep:
      ready.status === 503
        ? "It is starting or draining; look again, and at its logs if it stays so."
        : "Check that the service is Greenlight, and that its URL is asked without a path.",
  };
}

export function judgeDependencies(health: SelfAnswer): DeploymentCheck {
  if (health.kind === "silent") return { ...silent(health.because), name: "dependencies" };
  const { status, body } = health;
  const said = isRecord(body) ? body["status"] : undefined;
  if (status === 200 && (said === "pass" || said === "warn")) {
    const evidence = said === "pass" ? "all that it observes passes" : `it warns: ${failing(body)}`;
    return { name: "dependencies", status: said, evidence };
  }
  if (said !== "fail") {
    const evidence = `/health answers ${status}, and not with a health document`;
    return {
      name: "dependencies",
      status: "unknown",
      evidence,
      nextStep: "Ask it as somebody who may: GREENLIGHT_TOKEN.",
    };
  }
  const nextStep = "See why, from where it runs: greenlight why --url URL";
  return { name: "dependencies", status: "fail", evidence: `it fails: ${failing(body)}`, nextStep };
}

/** `1.2.0 (what it says)`, for whatever names a release in its answer. */
export function releasesSaid(health: SelfAnswer): readonly string[] {
  const body = health.kind === "answered" && isRecord(health.body) ? health.body : {};
  return ["releaseId", "version"].flatMap((key) => {
    const value = body[key];
    return typeof value === "string" && /^[\w.+-]{1,100}$/.test(value)
      ? [`${value} (${key} at /health)`]
      : [];
  });
}

const silent = (because: string): Pick<DeploymentCheck, "status" | "evidence" | "nextStep"> => ({
  status: "unknown",
  evidence: oneLine(redact(because), 200),
  nextStep: "Give a token that it accepts (GREENLIGHT_TOKEN), or look from where it can be reached.",
});

/** Names of checks, and their causes where the caller may see them. */
function failing(body: unknown): string {
  const checks = isRecord(body) && isRecord(body["checks"]) ? body["checks"] : {};
  const names = Object.entries(checks).flatMap(([name, list]) => {
    const [first] = Array.isArray(list) ? list : [];
    const { status, cause } = isRecord(first) ? first : {};
    if (status === undefined || status === "pass") return [];
    const code = isRecord(cause) && typeof cause["code"] === "string" ? ` (${cause["code"]})` : "";
    return [`${name.split(":")[0]}${code}`];
  });
  return oneLine(redact([...new Set(names)].join(", ") || "it does not say what"), 200);
}
