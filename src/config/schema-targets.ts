/** What can be said about services that speak HTTP, WebSocket or nothing in particular. */
import * as v from "valibot";
import { declaresPointer } from "./schema-context.ts";
import { observed, tlsSchema } from "./schema-dependencies.ts";
import { HEADER, bannerSchema, headersSchema, jsonSchema, statusSchema } from "./schema-expectations.ts";
import { MAPPING, name, text } from "./values.ts";

/** As in `/health/{name}`. */
export const NAME = /^[a-z][a-z\d-]{0,39}$/;
export const NAME_EXPECTED = "a name of lower-case letters, digits and `-`";

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
    status: v.optional(statusSchema, []),
    headers: v.optional(headersSchema, []),
    json: v.optional(jsonSchema, []),
    declares: declaresPointer,
    ...observed(),
    tls: tlsSchema,
  },
  MAPPING,
);

export const tcpSchema = v.strictObject(
  {
    ...target("it", "`tcp://host:port`, or `tls://host:port`."),
    banner: v.optional(bannerSchema),
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
