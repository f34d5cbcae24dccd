// Placeholder until the fixture server is written: serves the built pages.
import { createServer } from "node:http";
createServer((_, response) => response.writeHead(404).end()).listen(Number(process.argv[3] ?? 8461), "127.0.0.1");
