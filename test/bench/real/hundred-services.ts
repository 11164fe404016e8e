import type { Sample } from "../../real/prometheus/openmetrics.ts";
import { component } from "../../support/recording.ts";
import { seeded } from "../cache.ts";

/** The moment that stands for the present, epoch seconds. */
export const NOW = Date.parse("2026-03-01T10:15:00Z") / 1000;
export const SCRAPE = 30;
/** The window, the hour before it, and what the first rate needs. */
const SPAN = 80 * 60;
const BOUNDS = ["0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"];
/** Share of requests within each of the bounds, of a healthy service. */
const WITHIN = [0.4, 0.7, 0.9, 0.96, 0.985, 0.995, 0.998, 1, 1];

export const SERVICES = Array.from({ length: 100 }, (_, index) => `service-${String(index).padStart(3, "0")}`);

/** Every service by the names that a Prometheus client library gives; a few fail and slow down in the last minutes. */
export function samplesOfHundred(): readonly Sample[] {
  const random = seeded(1);
  return SERVICES.flatMap((service, index) => {
    const rate = 5 + 95 * random();
    const isSick = index % 25 === 7;
    const counters = new Map<string, number>();
    const count = (key: string, more: number) => {
      counters.set(key, (counters.get(key) ?? 0) + more);
      return counters.get(key) ?? 0;
    };
    return Array.from({ length: SPAN / SCRAPE + 1 }, (_, step) => {
      const at = NOW - SPAN + step * SCRAPE;
      const ill = isSick && at > NOW - 420;
      const requests = rate * SCRAPE * (0.95 + 0.1 * random());
      const failed = requests * (ill ? 0.4 : 0.001);
      const one = (name: string, labels: Record<string, string>, value: number): Sample => ({
        ...{ name, at, value, labels: { service, ...labels } },
      });
      return [
        one("http_requests_total", { code: "200" }, count("200", requests - failed)),
        one("http_requests_total", { code: "503" }, count("503", failed)),
        ...BOUNDS.map((le, bound) => {
          const share = (WITHIN[bound] ?? 1) * (ill && le !== "+Inf" ? 0.5 : 1);
          return one("http_request_duration_seconds_bucket", { le }, count(le, requests * share));
        }),
        one("http_requests_in_flight", {}, rate * (ill ? 2 : 0.1) * (0.9 + 0.2 * random())),
        one("process_cpu_seconds_total", {}, count("cpu", SCRAPE * 0.3 * (0.9 + 0.2 * random()))),
        one("process_resident_memory_bytes", {}, 2e8 * (0.98 + 0.04 * random())),
        one("process_open_fds", {}, 60 + 10 * random()),
        one("process_max_fds", {}, 1024),
      ];
    }).flat();
  });
}

/** One service that depends on so many of the others: ten of them, each with its share of the rest below. */
export function catalogOf(services: number): readonly object[] {
  const names = SERVICES.slice(0, services);
  const [root = "", ...below] = names;
  const first = below.slice(0, 10);
  const ref = (name: string) => `component:default/${name}`;
  return [
    component(root, first.map(ref)),
    ...first.map((name, index) =>
      component(
        name,
        below
          .slice(10)
          .filter((_, nth) => nth % 10 === index)
          .map(ref),
      ),
    ),
    ...below.slice(10).map((name) => component(name)),
  ];
}
