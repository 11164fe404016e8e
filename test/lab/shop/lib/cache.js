import { counter } from "./metrics.js";

const lookups = counter("cache_lookups_total");

/** Keeps values for a while; when full, the oldest goes. */
export function createCache({ ttlMs, maxEntries = 5000 }) {
  const entries = new Map();
  const spread = () => ttlMs * (0.85 + Math.random() * 0.3);
  return {
    get(key) {
      const entry = entries.get(key);
      const fresh = entry !== undefined && entry.until > Date.now();
      lookups.add(`result="${fresh ? "hit" : "miss"}"`);
      return fresh ? entry.value : undefined;
    },
    /** The value even if it is out of date, as long as it is no older than `maxAgeMs`. */
    getStale(key, maxAgeMs) {
      const entry = entries.get(key);
      return entry !== undefined && Date.now() - entry.at <= maxAgeMs ? entry.value : undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, at: Date.now(), until: Date.now() + spread() });
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value);
    },
  };
}
