// node:http that writes the same bytes to everybody: the limit of what an answer over node:http can cost.
import { createServer } from "node:http";
import { readBody, readPort } from "./body.ts";

const { text } = readBody();
const headers = {
  "content-type": "application/json; charset=utf-8",
  "content-length": String(Buffer.byteLength(text)),
};
createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(text);
}).listen(readPort(), "127.0.0.1");
