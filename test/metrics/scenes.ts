import { ALERT_AT, at, component, type MetricInput } from "../support/recording.ts";
import { around } from "./given.ts";

/** One sample a minute from an hour before the alert to its as-of, five minutes after. `value` gets minutes from the alert. */
export function samples(service: string, signal: string, value: (minute: number) => number | undefined): MetricInput[] {
  return Array.from({ length: 90 }, (_, index) => index - 84).flatMap((minute) => {
    const now = value(minute);
    return now === undefined ? [] : [{ timestamp: at(minute), service, signal, value: now }];
  });
}

export const steady = (level: number) => around(level, level / 20);
export const stepping = (usual: number, then: number, minute: number) => (at: number) =>
  at >= minute ? then : steady(usual)(at);

const golden = (service: string, traffic: number, errors: number, latency: number) => [
  ...samples(service, "requests_per_second", steady(traffic)),
  ...samples(service, "error_ratio", steady(errors)),
  ...samples(service, "latency_p99_seconds", steady(latency)),
];

/** pricing fails from three minutes before the alert, and carries checkout and storefront with it a minute later. */
export const PRICING_FAILS: readonly MetricInput[] = [
  ...samples("storefront", "requests_per_second", steady(20)),
  ...samples("storefront", "error_ratio", stepping(0.002, 0.23, -2)),
  ...samples("storefront", "latency_p99_seconds", stepping(0.2, 1.9, -2)),
  ...samples("checkout", "requests_per_second", steady(8)),
  ...samples("checkout", "error_ratio", stepping(0.001, 0.41, -2)),
  ...samples("checkout", "latency_p99_seconds", stepping(0.1, 1.4, -2)),
  ...samples("pricing", "requests_per_second", steady(9)),
  ...samples("pricing", "error_ratio", stepping(0.001, 0.6, -3)),
  ...samples("pricing", "latency_p99_seconds", stepping(0.02, 1.84, -3)),
  ...samples("pricing", "pool_in_use_ratio", stepping(0.1, 1, -3)),
  ...samples("pricing-db", "latency_avg_seconds", steady(0.004)),
];

/** Three times the traffic everywhere, and nothing else. */
export const PEAK: readonly MetricInput[] = ["storefront", "checkout", "pricing", "pricing-db"].flatMap((service) => [
  ...samples(service, "requests_per_second", stepping(20, 61, -4)),
  ...samples(service, "error_ratio", steady(0.002)),
  ...samples(service, "latency_p99_seconds", stepping(0.1, 0.13, -4)),
  ...samples(service, "cpu_cores", stepping(0.2, 0.55, -4)),
]);

/** A front that calls twelve services, each of which calls two more; all of them odd in several ways. */
export function busyEstate() {
  const backs = Array.from({ length: 12 }, (_, index) => `recommendation-service-${index + 1}`);
  const deep = backs.flatMap((name) => [`${name}-database`, `${name}-cache`]);
  const catalog = [
    component("storefront", backs),
    ...backs.map((name) => component(name, [`${name}-database`, `${name}-cache`])),
    ...deep.map((name) => component(name)),
  ];
  const metrics = ["storefront", ...backs, ...deep].flatMap((service, index) => [
    ...samples(service, "requests_per_second", stepping(17.3 + index, 1234.5 + index, -4)),
    ...samples(service, "error_ratio", stepping(0.00213, 0.234 + index / 100, (index % 5) - 6)),
    ...samples(service, "latency_p99_seconds", stepping(0.1234, 1.8456 + index, (index % 4) - 6)),
    ...samples(service, "cpu_ratio", stepping(0.1234, 0.987, (index % 3) - 5)),
    ...samples(service, "memory_bytes", stepping(512_345_678, 1_923_456_789, -5)),
  ]);
  return { catalog, metrics };
}

/** The window that read_metrics takes by default. */
export const DEFAULT_FROM = ALERT_AT - 10 * 60_000;
export { golden };
