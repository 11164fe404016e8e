import { readFileSync } from "node:fs";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** With so many significant digits, as a number. */
export const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits));

/**
 * Measures every case once a round, in turn, so that what else the machine does falls on all of them alike. The first
 * round warms the disk's cache and is not counted.
 */
export async function interleaved<T>(
  cases: Readonly<Record<string, () => Promise<T>>>,
  rounds: number,
): Promise<Readonly<Record<string, readonly T[]>>> {
  const results: Record<string, T[]> = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const result = await run();
      if (round > 0) results[name]?.push(result);
    }
  }
  return results;
}

/** The median over the rounds of one case's figure divided by the floor's of the same round. */
export function ratio(values: readonly number[], floor: readonly number[]): number {
  return median(values.map((value, round) => value / (floor[round] ?? Number.NaN)));
}

/** Milliseconds that a process's main thread has been on a processor, where /proc tells (Linux). */
export function processorMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** The most memory a process has had resident so far, in MB, where /proc tells (Linux). */
export function peakMb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1e3;
  } catch {
    return Number.NaN;
  }
}
