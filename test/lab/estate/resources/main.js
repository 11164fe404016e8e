import http from "node:http";
import { createAccess } from "./access.js";
import { createCondition } from "./conditions.js";
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

function log(level, message, logger = "postgres") {
  const line = {
    "@timestamp": new Date().toISOString(),
    "service.name": name,
    "log.level": level,
    message,
    "log.logger": logger,
    "k8s.pod.name": process.env.POD_NAME,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const access = createAccess(name, process.env, log);
const condition = createCondition(log, metrics);

/** What a request is answered, and after how long. */
function answerTo(request, body) {
  const refused = access.credential(request.headers.authorization);
  if (refused !== undefined) return { status: 401, ms: 2, body: { error: refused } };
  if (body.action !== undefined) {
    const denied = access.action(body.role, body.action, body.key);
    if (denied !== undefined) return { status: 403, ms: 3, body: { error: denied } };
  }
  return condition.apply(routes(request.url, body));
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
  // How the lab makes a resource suffer.
  if (request.url === "/-/condition") {
    condition.begin(body.mode);
    response.end("{}");
    return;
  }
  await enter();
  let answer;
  try {
    answer = answerTo(request, body);
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
