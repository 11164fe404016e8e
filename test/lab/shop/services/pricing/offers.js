import { createCache } from "../../lib/cache.js";
import { number } from "../../lib/config.js";
import { createClient } from "../../lib/http-client.js";
import { createLogger } from "../../lib/logger.js";

const log = createLogger("pricing.offers");
const promotions = createClient("promotions", { timeoutMs: number("PROMOTIONS_TIMEOUT_MS", 700) });
const cache = createCache({ ttlMs: number("OFFER_CACHE_TTL_MS", 4000) });
const maxStaleMs = number("OFFER_MAX_STALE_MS", 60_000);

/** An offer a few seconds old is good enough for a quote: hand that out and fetch the new one behind its back. */
export async function offersFor(lines, trace) {
  const due = lines.filter(({ sku }) => cache.get(sku) === undefined);
  if (due.length === 0) return collect(lines);
  const canWait = due.every(({ sku }) => cache.getStale(sku, maxStaleMs) !== undefined);
  const refreshed = refresh(due, trace);
  if (canWait) {
    refreshed.catch((error) => log.warn(`offers not refreshed, serving older ones: ${error.message}`, trace));
    return collect(lines);
  }
  await refreshed;
  return collect(lines);
}

/** Offers on their way, by SKU: nobody asks for one that somebody else is waiting for. */
const underway = new Map();

function refresh(lines, trace) {
  const unasked = lines.filter(({ sku }) => !underway.has(sku));
  if (unasked.length > 0) {
    const fetched = load(unasked, trace).finally(() => {
      for (const { sku } of unasked) underway.delete(sku);
    });
    for (const { sku } of unasked) underway.set(sku, fetched);
  }
  return Promise.all(lines.map(({ sku }) => underway.get(sku)));
}

async function load(lines, trace) {
  const { offers } = await promotions.post("/offers", { lines }, trace);
  for (const offer of offers) cache.set(offer.sku, offer);
}

function collect(lines) {
  return new Map(lines.map(({ sku }) => [sku, cache.getStale(sku, Number.POSITIVE_INFINITY)]));
}
