import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 10;

/** Prints the test files that took longest, so that a run which became slow says where. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter from the default export
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const took = modules.map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }));
    const slowest = took.sort((a, b) => b.ms - a.ms).slice(0, SHOWN);
    const lines = slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}\n`);
    process.stdout.write(`\nslowest test files\n${lines.join("")}`);
  }
}
