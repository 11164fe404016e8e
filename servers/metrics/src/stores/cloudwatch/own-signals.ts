import { type CatalogEntry, ConfigError } from "@oncall-copilot/core";
import { z } from "zod";
import { type Formula, perSecond, plain } from "./formula.ts";
import type { Dimensions } from "./metric.ts";

/** What a service is called in the dimensions of a team's own metrics, in place of its catalog name. */
export const SERVICE_ANNOTATION = "oncall/cloudwatch-service";
const SERVICE = "$service";

const SIGNAL = /^[a-z][a-z0-9_]{0,63}$/;
const STAT = /^(?:Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(?:\.\d{1,2})?)$/;

const ownSignal = z.strictObject({
  namespace: z.string().min(1).max(255),
  metric: z.string().min(1).max(255),
  stat: z.string().regex(STAT, { error: "is Sum, Average, Minimum, Maximum, SampleCount or p99" }),
  dimensions: z.record(z.string(), z.string()),
  factor: z.number().positive().default(1),
  per_second: z.boolean().default(false),
});

/** What ONCALL_METRICS_CLOUDWATCH_SIGNALS holds: signals out of metrics that a team publishes itself. */
export const ownSignals = z.record(
  z.string().regex(SIGNAL, { error: "a signal's name is snake case with the unit last" }),
  ownSignal,
);
export type OwnSignals = z.output<typeof ownSignals>;

/** A formula with the namespace and dimensions it goes with. */
export interface OwnFormula {
  readonly signal: string;
  readonly namespace: string;
  readonly formula: Formula;
  dimensionsOf(entry: CatalogEntry): Dimensions;
}

export function ownFormulas(given: OwnSignals | undefined): readonly OwnFormula[] {
  return Object.entries(given ?? {}).map(([signal, { namespace, metric, stat, dimensions, factor, per_second }]) => {
    if (!Object.values(dimensions).includes(SERVICE)) {
      const where = `ONCALL_METRICS_CLOUDWATCH_SIGNALS, ${signal}`;
      throw new ConfigError(`${where}: one dimension must be "${SERVICE}", to tell services apart`);
    }
    if (per_second && stat !== "Sum" && stat !== "SampleCount") {
      throw new ConfigError(`ONCALL_METRICS_CLOUDWATCH_SIGNALS, ${signal}: per_second goes with Sum or SampleCount`);
    }
    const counted = perSecond(metric);
    const formula = per_second
      ? {
          ...counted,
          inputs: [{ metric, stat }],
          value: (values: readonly number[], seconds: number) =>
            (counted.value(values, seconds) ?? Number.NaN) * factor,
        }
      : plain(stat, metric, factor);
    return {
      ...{ signal, namespace, formula },
      dimensionsOf: ({ metadataName, annotations }) => {
        const called = annotations[SERVICE_ANNOTATION] || metadataName;
        return Object.fromEntries(
          Object.entries(dimensions).map(([key, value]) => [key, value === SERVICE ? called : value]),
        );
      },
    };
  });
}
