import { connect } from "node:net";

const patienceMs = 200;

/**
 * Tells whether something listens there. A server too busy to accept within 200 ms counts as there:
 * only a refusal is a definite no.
 */
export function knock(target: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    const timer = setTimeout(() => finish(true), patienceMs);
    function finish(answer: boolean): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    }
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
