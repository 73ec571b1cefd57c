import { codeOf, messageOf, type Recognised } from "./classify.ts";

/** Handshakes that `ws` refuses carry no code; texts of `ws` 8, lib/websocket.js. */
const MESSAGES: readonly [RegExp, Recognised["code"]][] = [
  [/subprotocol/, "SUBPROTOCOL_MISMATCH"],
  [/Sec-WebSocket-|Invalid Upgrade header/, "PROTOCOL_MISMATCH"],
  [/closed before the connection was established/, "CONNECTION_CLOSED"],
];

/** Recognises what `ws` throws; undefined for what the operating system or TLS raised beneath it. */
export function recogniseWebsocket(error: object): Recognised | undefined {
  const code = codeOf(error);
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return { code: "ANSWER_TOO_LARGE", evidence: code };
  // The frames of the server break the protocol (RFC 6455).
  if (code?.startsWith("WS_ERR_") === true) return { code: "PROTOCOL_MISMATCH", evidence: code };
  if (code !== undefined) return undefined;
  const found = MESSAGES.find(([pattern]) => pattern.test(messageOf(error)));
  return found === undefined ? undefined : { code: found[1] };
}
