import http from "node:http";
import { createMetrics } from "./metrics.js";
import { RESOURCES } from "./statements.js";

/** A stand-in for a database or a third party: answers by statement, in the time such a statement takes. */
const name = process.env.SERVICE_NAME ?? "";
const { limit, routes, background } = RESOURCES[name];
const metrics = createMetrics();
const waiting = [];
let working = 0;
metrics.gauge("http_requests_in_flight", () => working);
metrics.gauge("http_requests_queued", () => waiting.length);

async function enter() {
  if (working < limit) working += 1;
  else await new Promise((resolve) => waiting.push(resolve));
}

function leave() {
  const next = waiting.shift();
  if (next === undefined) working -= 1;
  else next();
}

function log(level, message) {
  const line = {
    "@timestamp": new Date().toISOString(),
    "service.name": name,
    "log.level": level,
    message,
    "log.logger": "postgres",
    "k8s.pod.name": process.env.POD_NAME,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const server = http.createServer(async (request, response) => {
  if (request.url === "/metrics") {
    response.end(metrics.render());
    return;
  }
  if (request.url === "/healthz") {
    response.end("ok");
    return;
  }
  const started = performance.now();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  await enter();
  let answer;
  try {
    answer = routes(request.url, body);
    await new Promise((resolve) => setTimeout(resolve, answer.ms));
  } finally {
    leave();
  }
  metrics.observe(answer.status, (performance.now() - started) / 1000);
  if (response.destroyed) return;
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), "127.0.0.1");
background?.(log);
process.on("SIGTERM", () => process.exit(0));
