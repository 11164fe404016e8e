/**
 * Claims that a quote does not bear out, by one mutation of a claim that it does. `open` ones were looked at while the check was
 * made; `apart` ones were written before it was run on any of them, and were run once at the end.
 */
export interface Mutation {
  readonly kind:
    | "unit"
    | "quantile"
    | "status"
    | "hundredfold"
    | "mid-token"
    | "percent"
    | "digit"
    | "time"
    | "computed";
  /** The evidence's text, and the part of it that is quoted. */
  readonly text: string;
  readonly quote?: string;
  readonly claim: string;
}

const ORDERS =
  "orders (service asked about), samples every 15 s\nlatency_p99_seconds turned up 2026-03-01T09:58:15Z: 1.84; usually 0.09 (IQR 0.01), 20x";
const ERRORS =
  "error_ratio turned up 2026-03-01T09:58:15Z: 0.231 in the median and 0.4 at its worst; usually 0.004 (IQR 0.002), 58x";
const LOG =
  "orders error log, pattern new: 412 lines in the window, 0 before; first 2026-03-01T09:58:20Z, last 2026-03-01T10:04:58Z\nupstream timed out after 300 ms, status=503, attempt 3 of 5";
const COMMIT =
  "pricing: commit e69051b22dbf by Ada, deployed 2026-03-01T09:57:02Z by argocd\n+  timeoutMs: 200\n-  timeoutMs: 2000\n+  maxConnections: 40";
const QUANTILES = "latency_p99_seconds 1.84\nlatency_p50_seconds 0.12";
const MEMORY = "memory_bytes turned up 2026-03-01T09:40:00Z: 512 MiB; usually 256 MiB";

export const OPEN: readonly Mutation[] = [
  { kind: "unit", text: LOG, claim: "Calls time out after 300 minutes." },
  { kind: "unit", text: LOG, claim: "Calls time out after 300 s." },
  { kind: "unit", text: LOG, quote: "upstream timed out after 300", claim: "Calls time out after 300 minutes." },
  { kind: "unit", text: ORDERS, claim: "Latency rose to 1.84 ms." },
  { kind: "unit", text: ORDERS, claim: "Latency rose to 1.84 minutes." },
  { kind: "unit", text: MEMORY, claim: "Memory doubled to 512 GiB." },
  { kind: "unit", text: COMMIT, claim: "The timeout became 200 s." },
  { kind: "quantile", text: ORDERS, claim: "The p50 latency rose to 1.84 s." },
  { kind: "quantile", text: ORDERS, quote: "1.84; usually 0.09", claim: "The p50 rose to 1.84 s." },
  { kind: "quantile", text: QUANTILES, claim: "The p50 latency is 1.84 s." },
  { kind: "quantile", text: QUANTILES, claim: "The p99 latency is 0.12 s." },
  { kind: "quantile", text: ORDERS, claim: "The 50th percentile rose to 1.84 s." },
  { kind: "status", text: LOG, claim: "It answers 4xx." },
  { kind: "status", text: LOG, claim: "It answers 404." },
  { kind: "status", text: "requests_5xx_ratio turned up: 0.4", claim: "Of all, 40 % are 4xx." },
  { kind: "hundredfold", text: ERRORS, claim: "Errors rose to 0.231 %." },
  { kind: "hundredfold", text: ERRORS, claim: "Errors rose to 2310 %." },
  { kind: "hundredfold", text: ERRORS, claim: "Errors rose 5800x." },
  { kind: "hundredfold", text: ORDERS, claim: "Latency rose to 184 s." },
  { kind: "hundredfold", text: LOG, claim: "It logged 41200 lines." },
  { kind: "mid-token", text: COMMIT, quote: "69051", claim: "It lost 69,051 orders." },
  { kind: "mid-token", text: LOG, quote: "12 lines", claim: "It logged 12 lines." },
  { kind: "mid-token", text: ORDERS, quote: "84; usually", claim: "Latency rose to 84 s." },
  { kind: "mid-token", text: COMMIT, quote: "Ms: 200", claim: "The timeout is 200 ms." },
  { kind: "mid-token", text: "cpu at 40% of its limit", quote: "cpu at 40", claim: "CPU used 40 cores." },
  { kind: "percent", text: COMMIT, quote: "maxConnections: 40", claim: "Its pool is 40 % full." },
  { kind: "percent", text: LOG, claim: "Of all calls 412 % failed." },
  { kind: "percent", text: "replicas 40 of 40", quote: "replicas 40", claim: "Load is at 40 %." },
  { kind: "digit", text: LOG, claim: "It logged 421 lines." },
  { kind: "digit", text: ERRORS, claim: "Errors rose to 32.1 %." },
  { kind: "time", text: ORDERS, claim: "It turned at 09:48:15Z." },
  { kind: "computed", text: LOG, claim: "The errors went on for 40 minutes." },
];

const CART =
  "cart (service, 1 hop below web), samples every 30 s\nlatency_p95_seconds turned up 2026-05-04T22:10:30Z: 0.62; usually 0.04 (IQR 0.01), 15x\nrequests_per_second 120 in the median, usually 118 (IQR 4): within its usual range";
const PAY = "availability_ratio turned down 2026-05-04T22:11:00Z: 0.87; usually 0.999 (IQR 0.001)";
const POOL =
  "cart error log, pattern rising: 96 lines in the window, 4 before; first 2026-05-04T22:01:09Z, last 2026-05-04T22:14:50Z\nHTTP 429 from payments: retry in 250 ms (pool 18/20 busy, build 7f3310a)";
const HPA =
  "cart: commit 7f3310a4c9d2 by Lin, deployed 2026-05-04T22:08:40Z by argocd\n-  maxReplicas: 12\n+  maxReplicas: 3\n+  cacheTtlSeconds: 90\n+  sampleRate: 25";
const DISK = "disk_free_bytes turned down 2026-05-04T21:00:00Z: 1.5 GiB; usually 40 GiB";
const STATUS = 'http_requests{status="500"} 64\nhttp_requests{status="404"} 7';

/** Kept apart: see above. */
export const APART: readonly Mutation[] = [
  { kind: "unit", text: POOL, claim: "It retries in 250 s." },
  { kind: "unit", text: POOL, quote: "retry in 250", claim: "It retries in 250 minutes." },
  { kind: "unit", text: CART, claim: "Latency rose to 0.62 ms." },
  { kind: "unit", text: CART, quote: "0.62; usually 0.04", claim: "Latency rose to 0.62 h." },
  { kind: "unit", text: HPA, claim: "The cache now lives 90 minutes." },
  { kind: "unit", text: DISK, claim: "Free disk fell to 1.5 MiB." },
  { kind: "unit", text: DISK, claim: "Free disk fell to 1.5 TiB." },
  { kind: "quantile", text: CART, claim: "The p99 latency rose to 0.62 s." },
  { kind: "quantile", text: CART, claim: "The 99th percentile rose to 0.62 s." },
  { kind: "quantile", text: CART, quote: "turned up 2026-05-04T22:10:30Z: 0.62", claim: "The p50 rose to 0.62 s." },
  { kind: "quantile", text: "p95 0.62 s, p50 0.05 s", claim: "p50 is at 0.62 s." },
  { kind: "status", text: POOL, claim: "Payments answers 5xx." },
  { kind: "status", text: POOL, claim: "Payments answers 503." },
  { kind: "status", text: STATUS, quote: 'http_requests{status="500"} 64', claim: "There were 64 of 4xx." },
  { kind: "status", text: STATUS, quote: 'http_requests{status="404"} 7', claim: "There were 7 of 5xx." },
  { kind: "hundredfold", text: PAY, claim: "Availability fell to 0.87 %." },
  { kind: "hundredfold", text: PAY, claim: "Availability fell to 8700 %." },
  { kind: "hundredfold", text: CART, claim: "Latency rose 1500x." },
  { kind: "hundredfold", text: POOL, claim: "It logged 9600 lines." },
  { kind: "hundredfold", text: CART, claim: "Traffic is at 12000 requests per second." },
  { kind: "mid-token", text: HPA, quote: "3310", claim: "It broke 3,310 carts." },
  { kind: "mid-token", text: POOL, quote: "6 lines", claim: "It logged 6 lines." },
  { kind: "mid-token", text: DISK, quote: "5 GiB", claim: "Free disk fell to 5 GiB." },
  { kind: "mid-token", text: POOL, quote: "20 busy", claim: "It has 20 busy threads." },
  { kind: "mid-token", text: CART, quote: "62; usually", claim: "Latency is 62 s." },
  { kind: "percent", text: HPA, quote: "sampleRate: 25", claim: "It drops 25 % of requests." },
  { kind: "percent", text: POOL, claim: "96 % of its calls fail." },
  { kind: "percent", text: CART, quote: "requests_per_second 120 in the median", claim: "Traffic is at 120 %." },
  { kind: "digit", text: POOL, claim: "It logged 69 lines." },
  { kind: "digit", text: HPA, claim: "It lowered replicas from 21 to 3." },
  { kind: "time", text: CART, claim: "It turned at 22:01:30Z." },
  { kind: "computed", text: POOL, claim: "It went on for 31 minutes." },
];

/** Claims that the same texts do bear out: what the check must let pass. */
export const RIGHT: readonly (readonly [text: string, claim: string])[] = [
  [LOG, "Calls time out after 300 ms, at attempt 3 of 5."],
  [LOG, "It answers 5xx, a 503."],
  [ORDERS, "The p99 latency rose to 1.84 s from 0.09 s, 20x."],
  [ERRORS, "Errors rose to 23 % from 0.4 %, at worst 40 %."],
  [LOG, "It logged 412 lines within 398 s."],
  [COMMIT, "The timeout went from 2 s to 200 ms, 1.8 s less."],
  [MEMORY, "Memory rose by 256 MiB to 512 MiB."],
  [CART, "Traffic is at 120/s, usually 118."],
  [PAY, "Availability fell to 87 %, usually 99.9 %."],
  [POOL, "18 of 20 connections are busy, and payments answers 429, a 4xx."],
  [HPA, "maxReplicas went from 12 to 3, 9 fewer."],
  [POOL, "It logged 100 lines in total, 4 of them before."],
  [DISK, "Free disk fell to 1.5 GiB."],
  [HPA, "The cache lives 90 s."],
];
