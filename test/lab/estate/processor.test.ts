import path from "node:path";
import { describe, expect, it } from "vitest";
import { SHOP_TEMPLATE } from "../paths.ts";
import { run } from "../shell.ts";

/** Lets a process do pieces of work of 20 ms each, all asked for at once, and gives how long they took and what was counted. */
async function work(limit: string, pieces: number) {
  const program = `
    const { compute } = await import(${JSON.stringify(path.join(SHOP_TEMPLATE, "lib", "processor.js"))});
    const { renderMetrics } = await import(${JSON.stringify(path.join(SHOP_TEMPLATE, "lib", "metrics.js"))});
    const started = Date.now();
    await Promise.all(Array.from({ length: ${pieces} }, () => compute(20)));
    console.log(JSON.stringify({ took: Date.now() - started, metrics: renderMetrics() }));`;
  const printed = await run(process.execPath, ["--input-type=module", "--eval", program], {
    env: { CPU_LIMIT: limit },
  });
  const { took, metrics }: { took: number; metrics: string } = JSON.parse(printed);
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, "m").exec(metrics)?.[1] ?? 0);
  return {
    took,
    worked: value("container_cpu_work_seconds_total"),
    throttled: value("container_cpu_cfs_throttled_periods_total"),
  };
}

describe("the processor of a container", () => {
  it("takes a piece after the other, and is not throttled within its limit", async () => {
    const { took, worked, throttled } = await work("1", 10);
    expect(took).toBeGreaterThanOrEqual(199);
    expect(worked).toBeCloseTo(0.2);
    expect(throttled).toBe(0);
  });

  it("waits for the next period when a tenth of a core is used up", async () => {
    const { took, worked, throttled } = await work("0.1", 3);
    expect(took).toBeGreaterThan(400);
    expect(worked).toBeCloseTo(0.06);
    expect(throttled).toBeGreaterThanOrEqual(4);
  });
});
