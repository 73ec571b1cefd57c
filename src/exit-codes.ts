/** Exit codes, from sysexits.h where it has one; documented in docs/reference/cli.md. */
export const EXIT = {
  ok: 0,
  /** Only with --detailed-exitcode, as terraform: there is something to apply. */
  changes: 2,
  /** Wrong arguments. */
  usage: 64,
  /** What was looked at, code or configuration, has findings of severity `error`. */
  findings: 65,
  /** The environment is unfit and waiting will not help; also: an address that cannot be had. */
  unavailable: 69,
  /** A fault of Greenlight's own. */
  software: 70,
  /** A report cannot be written, where writing it is all that was asked for. */
  cannotCreate: 73,
  /** Unfit now, may recover; or it cannot be told. */
  temporary: 75,
  /** The run executed no test; never a pass. */
  noTests: 76,
  /** Not permitted. */
  noPermission: 77,
  /** The configuration is wrong. */
  config: 78,
  /** As a shell: the command is there and cannot be executed. */
  notExecutable: 126,
  /** As a shell: there is no such command. */
  notFound: 127,
} as const;
