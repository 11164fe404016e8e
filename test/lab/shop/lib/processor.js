import { number } from "./config.js";
import { counter } from "./metrics.js";

const PERIOD_MS = 100;
const quotaMs = number("CPU_LIMIT", 1) * PERIOD_MS;
const periods = counter("container_cpu_cfs_periods_total");
const throttled = counter("container_cpu_cfs_throttled_periods_total");
const worked = counter("container_cpu_work_seconds_total");

let freeAt = 0;
let period = 0;
let left = quotaMs;

/**
 * Work that takes the processor for so many milliseconds, one piece after the other. A container that has used up its quota
 * of a period waits for the next one.
 */
export async function compute(milliseconds) {
  const now = Date.now();
  let at = Math.max(now, freeAt);
  let due = milliseconds;
  while (due > 0) {
    const current = Math.floor(at / PERIOD_MS);
    if (current !== period) {
      period = current;
      left = quotaMs;
      periods.add();
    }
    const end = (period + 1) * PERIOD_MS;
    const piece = Math.min(due, left, end - at);
    left -= piece;
    due -= piece;
    at += piece;
    if (left <= 0 && due > 0 && at < end) {
      throttled.add();
      at = end;
    }
  }
  freeAt = at;
  await new Promise((resolve) => setTimeout(resolve, at - now));
  worked.add("", milliseconds / 1000);
}
