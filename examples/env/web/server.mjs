import { createServer } from "node:http";

const { DISABLE_RATE_LIMIT, ENABLE_SEARCH } = process.env;

/** The sample's web server: says what it was told. */
export function createSample() {
  return createServer((_request, response) => {
    response.end(
      JSON.stringify({ rateLimit: DISABLE_RATE_LIMIT !== "true", search: ENABLE_SEARCH === "true" }),
    );
  });
}
