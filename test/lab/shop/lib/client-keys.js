import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { text } from "./config.js";
import { HttpError } from "./errors.js";
import { createLogger } from "./logger.js";

const log = createLogger("http.clients");

/**
 * Who may call, by the key that they show. The keys are a mounted Secret, which the platform changes while the pod runs; a
 * key that was withdrawn stays in it for a while, so that we can say so.
 */
export function clientKeys(secret) {
  const file = path.join(text("SECRETS_DIR"), `${secret}.json`);
  let keys = [];
  let readAt = 0;
  const refresh = () => {
    const changedAt = statSync(file).mtimeMs;
    if (changedAt === readAt) return;
    keys = JSON.parse(readFileSync(file, "utf8")).keys;
    readAt = changedAt;
  };
  refresh();
  setInterval(refresh, 1000).unref();

  return (request) => {
    const shown = keys.find(({ key }) => key === request.headers.authorization);
    const caller = request.headers["user-agent"] ?? "somebody";
    if (shown === undefined) throw new HttpError(401, "client key not known");
    if (shown.withdrawnAt === null || Date.parse(shown.withdrawnAt) > Date.now()) return;
    log.warn(`refused ${caller}: its client key, version ${shown.version}, was withdrawn at ${shown.withdrawnAt}`);
    throw new HttpError(401, "client key withdrawn");
  };
}
