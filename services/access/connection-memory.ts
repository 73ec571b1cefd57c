/** The hash of the accepted token that came on a connection, for as long as that connection is open. */
export interface ConnectionMemory {
  /** The hash of what this header carries, if it is the one that was accepted on this connection. */
  recall(connection: object, header: string | undefined): string | undefined;
  remember(connection: object, header: string, hash: string): void;
}

interface Remembered {
  readonly header: string;
  readonly hash: string;
}

/**
 * Hashing a token takes longer than everything else that is done about a known one, so an accepted header is kept as it
 * came with its connection, and nowhere else. Connections that carry the same one share its text: comparing with it is
 * then comparing with what lies in the processor's cache.
 */
export function createConnectionMemory(): ConnectionMemory {
  const connections = new WeakMap<object, Remembered>();
  let latest: WeakRef<Remembered> | undefined;
  return {
    recall(connection, header) {
      const known = connections.get(connection);
      return known !== undefined && known.header === header ? known.hash : undefined;
    },
    remember(connection, header, hash) {
      const shared = latest?.deref();
      const kept = shared?.header === header ? shared : { header, hash };
      if (kept !== shared) latest = new WeakRef(kept);
      connections.set(connection, kept);
    },
  };
}
