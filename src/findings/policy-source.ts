import { policyFindings } from "../../services/policy/judge.ts";
import type { Config } from "../config/config.ts";
import type { FindingSource } from "./source.ts";

/** The policy of the environment and the flags of the process: nothing of it changes while the process lives. */
export const createPolicySource = ({ policy }: Pick<Config, "policy">): FindingSource => ({
  name: "policy",
  collect: () => Promise.resolve(policyFindings(policy)),
});
