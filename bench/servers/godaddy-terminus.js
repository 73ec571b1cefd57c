// @godaddy/terminus on node:http.
import { createServer } from "node:http";
import { createTerminus } from "@godaddy/terminus";
import { createProbes, host, port } from "./probes.js";

const { postgres, redis } = createProbes();
const server = createServer((_request, response) => {
  response.writeHead(404).end();
});
createTerminus(server, {
  healthChecks: {
    "/health/database": async () => {
      await Promise.all([postgres(), redis()]);
      return { postgres: "up", redis: "up" };
    },
  },
});
server.listen(port, host);
