/** What can be said about services that speak HTTP, WebSocket or nothing in particular. */
import * as v from "valibot";
import { observed, tlsSchema } from "./schema-dependencies.ts";
import { MAPPING, integer, name, scalar, text } from "./values.ts";

/** As in `/health/{name}`. */
export const NAME = /^[a-z][a-z\d-]{0,39}$/;
export const NAME_EXPECTED = "a name of lower-case letters, digits and `-`";
const HEADER = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** `name` and `url` are required, and missed later, so that one fault does not hide those of other targets. */
function target(what: string, url: string) {
  return {
    name: v.optional(name(`What ${what} is called in URLs, bodies and metrics.`, NAME, NAME_EXPECTED)),
    url: v.optional(text(url, { secret: true })),
  };
}

export const httpSchema = v.strictObject(
  {
    ...target("it", "What is asked with `GET`; redirects are never followed."),
    status: v.optional(
      v.array(
        integer("Accepted status codes; none: 200 to 299.", { min: 100, max: 599 }),
        "a list of status codes",
      ),
      [],
    ),
    headers: v.optional(
      v.array(
        v.strictObject(
          {
            name: name("A header that must be there.", HEADER, "the name of a header"),
            equals: v.optional(text("The value it must carry.", { secret: true, fallback: "any" })),
          },
          MAPPING,
        ),
        "a list of headers",
      ),
      [],
    ),
    json: v.optional(
      v.array(
        v.strictObject(
          {
            pointer: name(
              "A member of the JSON answer that must be there (RFC 6901, such as `/status`).",
              POINTER,
              "a JSON pointer: empty, or `/` before each step, with `~0` for `~` and `~1` for `/`",
            ),
            equals: v.optional(scalar("The value it must have.", "any")),
          },
          MAPPING,
        ),
        "a list of members",
      ),
      [],
    ),
    ...observed(),
    tls: tlsSchema,
  },
  MAPPING,
);

export const tcpSchema = v.strictObject(
  {
    ...target("it", "`tcp://host:port`, or `tls://host:port`."),
    banner: v.optional(
      text("What the server says first must begin with this.", { fallback: "it need say nothing" }),
    ),
    ...observed(),
    tls: tlsSchema,
  },
  MAPPING,
);

export const websocketSchema = v.strictObject(
  {
    url: v.optional(
      text("`ws://` or `wss://` URL of the WebSocket service.", { secret: true, fallback: "not configured" }),
    ),
    subprotocol: v.optional(
      name(
        "The subprotocol that the server must choose.",
        HEADER,
        "the name of a subprotocol",
        "none is asked for",
      ),
    ),
    ...observed(),
    tls: tlsSchema,
  },
  MAPPING,
);

export type ParsedHttp = v.InferOutput<typeof httpSchema>;
export type ParsedTcp = v.InferOutput<typeof tcpSchema>;
export type ParsedWebsocket = v.InferOutput<typeof websocketSchema>;
export type ParsedTarget = ParsedHttp | ParsedTcp | ParsedWebsocket;
