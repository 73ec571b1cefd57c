// node:http with nothing on top: one comparison of the path, JSON.stringify for each request.
import { createServer } from "node:http";
import { readBody, readPort } from "./body.ts";

const { object } = readBody();
createServer((request, response) => {
  if (request.url !== "/health/database") {
    response.writeHead(404).end();
    return;
  }
  const body = JSON.stringify(object);
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}).listen(readPort(), "127.0.0.1");
