import { Socket } from "node:net";
import { GreenlightError } from "../errors.ts";

/**
 * A socket under a driver that trusts its peer. A parser that throws on garbage would throw inside the `data` event,
 * where nobody can catch it and the process ends; here the error destroys the socket instead, with code `PROTOCOL`.
 */
export class GuardedSocket extends Socket {
  readonly #accepts: (firstByte: number) => boolean;
  #sniffed = false;

  /** `accepts` judges the first byte that arrives; a refusal destroys the socket before the driver sees it. */
  constructor(accepts: (firstByte: number) => boolean) {
    super();
    this.#accepts = accepts;
  }

  // Socket's own overloads cannot be repeated here; the signature is EventEmitter's.
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== "data") return super.emit(event as "data", ...(args as [Buffer]));
    const [bytes] = args as [Buffer];
    if (!this.#sniffed && bytes.length > 0) {
      this.#sniffed = true;
      if (!this.#accepts(bytes[0] as number)) {
        this.destroy(
          new GreenlightError("PROTOCOL", "the first bytes of the answer are not this server's protocol"),
        );
        return true;
      }
    }
    try {
      return super.emit("data", bytes);
    } catch (error) {
      this.destroy(
        new GreenlightError("PROTOCOL", "the answer cannot be read as this server's protocol", {
          cause: error,
        }),
      );
      return true;
    }
  }
}
