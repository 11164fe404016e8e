/**
 * The floor for reading logs: unpack, split into lines, parse each as JSON, and count those of one service. Prints the
 * milliseconds it took and its peak memory in MB.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const [, , file = "", service = ""] = process.argv;
const started = performance.now();
let count = 0;
for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
  const fields = JSON.parse(line) as Record<string, unknown>;
  if (fields["service.name"] === service) count++;
}
const ms = performance.now() - started;
process.stdout.write(`${JSON.stringify({ count, ms, mb: process.resourceUsage().maxRSS / 1e3 })}\n`);
