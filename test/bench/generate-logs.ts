import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { stringify } from "yaml";
import { alertmanagerBody, component } from "../support/recording.ts";
import { cachedFolder, seeded } from "./cache.ts";

export const LINES = 1_000_000;
/** Writes half of all lines. */
export const LOUD = "storefront";
/** Writes a twentieth. */
export const QUIET = "pricing";

const SERVICES = [
  LOUD,
  QUIET,
  "checkout",
  "cart",
  "search",
  "accounts",
  "shipping",
  "payments",
  "stock",
  "mail",
  "offers",
];
const ALERT_AT = Date.parse("2026-03-01T10:00:00Z");
/** The log goes on for two hours, up to the as-of five minutes after the alert. */
const FROM = ALERT_AT + 5 * 60_000 - 7_200_000;

/** A recording of a million log lines, about one in a hundred of them an error, some with a stack trace. */
export function millionLines(): Promise<string> {
  return cachedFolder("logs-1e6-seed-1", async (folder) => {
    await writeFile(join(folder, "alert.json"), JSON.stringify(alertmanagerBody()));
    const catalog = SERVICES.map((name) => component(name));
    await writeFile(join(folder, "catalog.yaml"), catalog.map((entity) => `---\n${stringify(entity)}`).join(""));
    const target = createWriteStream(join(folder, "logs.ndjson.gz"));
    await pipeline(Readable.from(pieces()), createGzip({ level: 6 }), target);
  });
}

function* pieces(): Generator<string> {
  const random = seeded(1);
  const below = (n: number) => Math.floor(random() * n);
  let piece = "";
  for (let line = 0; line < LINES; line++) {
    const at = new Date(FROM + (line * 7_200_000) / LINES).toISOString();
    const roll = random();
    const service = roll < 0.5 ? LOUD : roll < 0.55 ? QUIET : (SERVICES[2 + below(SERVICES.length - 2)] ?? LOUD);
    const [level, message] = what(service, line / LINES, below, random());
    const pod = `${service}-7d9f8c-${(below(4) + 1).toString(36)}x2z`;
    const row = { "@timestamp": at, "service.name": service, "log.level": level, message, "k8s.pod.name": pod };
    piece += `${JSON.stringify({
      ...row,
      "trace.id": below(2 ** 31)
        .toString(16)
        .padStart(16, "0"),
    })}\n`;
    if (piece.length > 262_144) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function what(
  service: string,
  part: number,
  below: (n: number) => number,
  roll: number,
): [level: string, message: string] {
  if (part > 0.9 && roll < 0.03) {
    const stack = [
      "at Pool.take (/app/pool.js:14:11)",
      "at priceOf (/app/prices.js:9:29)",
      "at async quote (/app/main.js:31:5)",
    ];
    return ["error", `no connection to ${service}-db free after ${1000 + below(900)} ms\n    ${stack.join("\n    ")}`];
  }
  if (roll < 0.01)
    return ["error", `request ${below(1e9)} failed: upstream answered 50${below(4)} in ${below(5000)} ms`];
  if (roll < 0.04) return ["warn", `retry ${1 + below(3)} of 3 for order o-${below(1e6)} after ${below(400)} ms`];
  if (roll < 0.08) return ["debug", `cache ${roll < 0.06 ? "hit" : "miss"} for key user:${below(1e6)}:basket`];
  if (roll < 0.1) return ["info", `connected to 10.${below(256)}.${below(256)}.${below(256)}:${5000 + below(99)}`];
  const verb = ["GET", "POST", "PUT"][below(3)] ?? "GET";
  const path = ["quotes", "carts", "orders", "products"][below(4)] ?? "quotes";
  return ["info", `${verb} /${path}/${below(1e6)} 200 ${(roll * 80).toFixed(1)} ms`];
}
