/** What the parent gives to the child that is the WebSocket server. */
export interface WebsocketConfig {
  port: number;
  tls?: { certFile: string; keyFile: string } | undefined;
}

/** The variable through which the configuration travels, as JSON. */
export const configVariable = "GREENLIGHT_SANDBOX_WEBSOCKET";

/** The subprotocol that the server speaks when it is asked for. */
export const subprotocol = "greenlight.v1";

/** The faults of the WebSocket server itself, and what each does. */
export const websocketModes = {
  "upgrade-refused": "connections are closed, and handshakes answered with 503",
  "wrong-subprotocol": "connections are closed, and handshakes choose no subprotocol",
  "no-pong": "connections open, and pings stay unanswered",
} as const;

export type WebsocketMode = keyof typeof websocketModes | "none";
