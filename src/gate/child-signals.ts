/** The part of Node's process that hears signals. */
export interface SignalHost {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface Forwarding {
  /** Those that asked the command to end, in order, each time one came. */
  passedOn(): readonly NodeJS.Signals[];
  stop(): void;
}

/** What a terminal sends to all that runs in its foreground; SIGCONT for what was stopped there. */
const TO_THE_GROUP = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT", "SIGHUP", "SIGWINCH", "SIGCONT"]);
/** `kill` sends it to one process, and programs that start others pass it on themselves: to all, it would come twice. */
const TO_THE_LEADER = new Set<NodeJS.Signals>(["SIGTERM"]);
const ASKS_TO_END = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT", "SIGHUP", "SIGTERM"]);

/**
 * Passes signals on to a command that leads a session of its own. No terminal and no shell reaches it there, so each
 * signal comes to it once, from here, whether it was typed or sent.
 *
 * Begins before the command is started, which may be quicker than whatever follows its start.
 *
 * @param command its process, from when it has one
 * @param stopSelf what Ctrl-Z does to this process after the command has been stopped
 */
export function forwardSignals(
  host: SignalHost,
  { command, stopSelf }: { readonly command: () => number | undefined; readonly stopSelf: () => void },
): Forwarding {
  const passed: NodeJS.Signals[] = [];
  const onSignal = (signal: NodeJS.Signals): void => {
    const leader = command();
    if (leader === undefined) return;
    sendSignal(TO_THE_LEADER.has(signal) ? leader : -leader, signal);
    if (ASKS_TO_END.has(signal)) passed.push(signal);
  };
  const onStop = (): void => {
    const leader = command();
    // Its group has no parent in its own session, and there the kernel ignores SIGTSTP (POSIX: an orphaned group).
    if (leader !== undefined) sendSignal(-leader, "SIGSTOP");
    stopSelf();
  };
  const forwarded = [...TO_THE_GROUP, ...TO_THE_LEADER];
  for (const signal of forwarded) host.on(signal, onSignal);
  host.on("SIGTSTP", onStop);
  return {
    passedOn: () => passed,
    stop() {
      for (const signal of forwarded) host.off(signal, onSignal);
      host.off("SIGTSTP", onStop);
    },
  };
}

/** True when somebody was there to get it. A negative target is a group. */
export function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
