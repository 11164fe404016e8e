import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CaseState } from "../cases/case.ts";
import type { CaseStore } from "../cases/case-store.ts";
import type { HeadlessMetrics } from "./metrics.ts";

/** Cases that a scrape counts at the most: `/metrics` must stay cheap. */
const MAX_COUNTED = 1_000;
const OPEN_STATES: readonly CaseState[] = ["open", "settled"];

/** Counts for Prometheus. Cases are counted when it asks, so that nothing runs in between. */
export function prometheusMetrics(cases: Pick<CaseStore, "list">): HeadlessMetrics {
  const registry = new Registry();
  const registers = [registry];
  const deliveries = new Counter({
    name: "oncall_deliveries_total",
    help: "Deliveries at a door, by what became of them",
    labelNames: ["door", "outcome"] as const,
    registers,
  });
  const alerts = new Counter({
    name: "oncall_alerts_total",
    help: "Alerts taken in, by what they are to the cases",
    labelNames: ["door", "outcome"] as const,
    registers,
  });
  const acknowledged = new Histogram({
    name: "oncall_acknowledge_seconds",
    help: "Seconds from a delivery to its answer",
    labelNames: ["door"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const triages = new Histogram({
    name: "oncall_triage_seconds",
    help: "Seconds that one look at a case took",
    labelNames: ["engine", "outcome"] as const,
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
    registers,
  });
  const tokens = new Counter({
    name: "oncall_model_tokens_total",
    help: "Tokens that models read and wrote",
    labelNames: ["direction"] as const,
    registers,
  });
  const dollars = new Counter({
    name: "oncall_model_dollars_total",
    help: "Dollars that models cost, where the price is known",
    registers,
  });
  const decisions = new Counter({
    name: "oncall_decisions_total",
    help: "What people decided",
    labelNames: ["verb"] as const,
    registers,
  });
  new Gauge({
    name: "oncall_cases",
    help: `Cases that are not ended, by state; at most ${MAX_COUNTED} of each are counted`,
    labelNames: ["state"] as const,
    registers,
    async collect() {
      for (const state of OPEN_STATES) this.set({ state }, (await cases.list({ state, limit: MAX_COUNTED })).length);
    },
  });
  return {
    delivered: (door, outcome) => deliveries.inc({ door, outcome }),
    alert: (door, outcome) => alerts.inc({ door, outcome }),
    acknowledged: (door, seconds) => acknowledged.observe({ door }, seconds),
    triaged: (measure) => {
      triages.observe({ engine: measure.engine, outcome: measure.outcome }, measure.seconds);
      tokens.inc({ direction: "input" }, measure.inputTokens);
      tokens.inc({ direction: "output" }, measure.outputTokens);
      dollars.inc(measure.dollars ?? 0);
    },
    decided: (verb) => decisions.inc({ verb }),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
