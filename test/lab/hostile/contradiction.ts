import type { Made, Transform } from "./material.ts";

const MINUTE = 60_000;

export const hostileContradiction = ({ name, base }: Made): Transform => ({
  name,
  base,
  summary:
    "Evidence that contradicts itself: by its metrics the culprit is as well as ever, by its log and by its callers it is not. Both sides are to be shown.",
  async apply(material) {
    const { culprit, alertAt } = material;
    const from = alertAt.getTime() - 3 * MINUTE;
    const healthy = new Map<string, string[]>();
    let frozen = 0;
    material.metrics = material.metrics.map((row) => {
      const [at = "", service = "", signal = "", value = ""] = row.split(",");
      if (service !== culprit) return row;
      const seen = healthy.get(signal) ?? [];
      if (Date.parse(at) < from) {
        healthy.set(signal, [...seen, value]);
        return row;
      }
      frozen += 1;
      // What it was so many samples before, again and again: an exporter that answers out of a cache.
      return [at, service, signal, seen[frozen % Math.max(1, seen.length)] ?? value].join(",");
    });
    return [
      `${frozen} samples of ${culprit} from ${new Date(from).toISOString()} on are replaced by earlier, healthy ones`,
    ];
  },
});
