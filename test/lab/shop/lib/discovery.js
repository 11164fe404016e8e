import { readFileSync, statSync } from "node:fs";
import { text } from "./config.js";

/**
 * Who is ready to serve, by service name. The platform keeps the file up to date while pods come and go, so that a
 * client needs no proxy in between.
 */
const file = text("ENDPOINTS_FILE");
let endpoints = {};
let readAt = 0;

function refresh() {
  const changedAt = statSync(file).mtimeMs;
  if (changedAt === readAt) return;
  endpoints = JSON.parse(readFileSync(file, "utf8"));
  readAt = changedAt;
}

refresh();
setInterval(() => {
  try {
    refresh();
  } catch {
    // Half-written: the next round reads it whole.
  }
}, 500).unref();

const turns = new Map();

export function pickEndpoint(service) {
  const ready = endpoints[service] ?? [];
  if (ready.length === 0) return undefined;
  const turn = (turns.get(service) ?? Math.floor(Math.random() * ready.length)) + 1;
  turns.set(service, turn);
  return ready[turn % ready.length];
}
