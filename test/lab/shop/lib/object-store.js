import { number, text } from "./config.js";
import { createClient } from "./http-client.js";

/** The object store that holds pages, labels and ranges. What each role may do there is written in infra/iam/. */
const store = createClient("media-store", { timeoutMs: number("MEDIA_TIMEOUT_MS", 1500) });
const role = `shop-${text("SERVICE_NAME", "unknown")}`;

const ask = (action, key, trace) => store.post("/", { action, key, role }, trace);

export const readObject = (key, trace) => ask("s3:GetObject", key, trace);

export const writeObject = (key, trace) => ask("s3:PutObject", key, trace);

/** The keys that begin with a prefix. */
export async function listObjects(prefix, trace) {
  const { keys } = await ask("s3:ListBucket", prefix, trace);
  return keys;
}
