import { benchAcknowledge } from "./headless/acknowledge.ts";
import { benchCost } from "./headless/cost.ts";
import { benchStore } from "./headless/store.ts";
import { benchStorm } from "./headless/storm.ts";
import type { BenchOptions, Section } from "./section.ts";

/** What is promised of a host that nobody sits at: how fast it acknowledges, what a storm does to it, and what it costs. */
export async function benchHeadless(options: BenchOptions): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const bench of [benchAcknowledge, benchStorm, benchStore, benchCost]) sections.push(await bench(options));
  return sections;
}
