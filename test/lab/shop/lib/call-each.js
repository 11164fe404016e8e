import { readFileSync } from "node:fs";
import http from "node:http";
import { text } from "./config.js";
import { createLogger } from "./logger.js";

/** Calls every pod of a service once, for jobs: node lib/call-each.js SERVICE METHOD PATH. */
const [service, method, path] = process.argv.slice(2);
const log = createLogger(`${service}.jobs`);
const pods = JSON.parse(readFileSync(text("ENDPOINTS_FILE"), "utf8"))[service] ?? [];

let failed = 0;
for (const { host, port } of pods) {
  const { status, body } = await call(host, port);
  if (status < 400) continue;
  failed += 1;
  log.error(`${method} ${path} failed on one of ${pods.length} pods: answered ${status} (${body})`);
}
if (failed === 0) log.info(`${method} ${path} done on ${pods.length} pods`);
process.exitCode = failed === 0 ? 0 : 1;

function call(host, port) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path, headers: { "user-agent": "job" } }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    request.on("error", reject);
    request.end(method === "GET" ? undefined : "{}");
  });
}
