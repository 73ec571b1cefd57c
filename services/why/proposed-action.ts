/** What a root cause asks for: the kind of an action and what it takes. A plan makes steps of these. */
export type ProposedAction =
  | { readonly kind: "enable-api"; readonly params: { readonly project: string; readonly api: string } }
  | { readonly kind: "create-connector"; readonly params: ConnectorParams }
  | { readonly kind: "attach-egress"; readonly params: EgressParams }
  | {
      readonly kind: "add-iam-binding";
      /** `resource` is `projects/p` or another resource with a policy of its own. */
      readonly params: { readonly resource: string; readonly role: string; readonly member: string };
    }
  | {
      readonly kind: "start-sql-instance";
      readonly params: { readonly project: string; readonly instance: string };
    }
  | { readonly kind: "set-variable"; readonly params: VariableParams }
  | { readonly kind: "register-markers"; readonly params: { readonly folder: string } }
  | { readonly kind: "fix-awaits"; readonly params: { readonly folder: string } }
  | { readonly kind: "reset-breaker"; readonly params: { readonly dependency: string } }
  | {
      readonly kind: "end-idle-sessions";
      readonly params: { readonly dependency: string; readonly olderThanMs: number; readonly limit: number };
    }
  | { readonly kind: "manual"; readonly params: { readonly instructions: readonly string[] } };

export type ActionKind = ProposedAction["kind"];

// Type aliases, since an interface is not assignable to a record of JSON.
type ConnectorParams = {
  readonly project: string;
  readonly region: string;
  readonly name: string;
  readonly network: string;
  /** A range of sixteen addresses: `10.8.0.0/28`. */
  readonly range?: string;
  /** Instead of a range: a subnet of sixteen addresses with nothing else in it. */
  readonly subnet?: string;
};

type EgressParams = {
  readonly project: string;
  readonly region: string;
  readonly service: string;
  /** Its short name; or network and subnet, never both. */
  readonly connector?: string;
  readonly network?: string;
  readonly subnet?: string;
  readonly egress: "private-ranges-only";
};

type VariableParams = {
  readonly project: string;
  readonly region: string;
  readonly service: string;
  readonly name: string;
  /** Absent: the variable is removed. */
  readonly value?: string;
  readonly container?: string;
};
