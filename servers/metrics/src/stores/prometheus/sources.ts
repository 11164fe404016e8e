import { type Catalog, ConfigError } from "@oncall-copilot/core";
import { z } from "zod";
import type { Preset } from "./presets/preset.ts";
import { PRESETS, type PresetName } from "./presets/presets.ts";
import { asksByService, problemOf, type Template } from "./template.ts";

/** Where signals come from: a preset, the team's own signals, or a service's own. Its name stands in gaps and errors. */
export interface Source {
  readonly name: string;
  readonly signals: ReadonlyMap<string, Template>;
  /** The counter of requests behind its signals, where it has one. */
  readonly counter?: string;
}

const SIGNAL = /^[a-z][a-z0-9_]{0,63}$/;
const OWN = "ONCALL_METRICS_SIGNALS";
/** `oncall/promql.error_ratio`: a service's own query for one signal. */
export const QUERY_ANNOTATION = "oncall/promql.";

const signalSchema = z.union([z.string(), z.strictObject({ query: z.string(), label: z.string() })]);
/** What ONCALL_METRICS_SIGNALS holds: a preset of the team's own. */
export const ownSignals = z.strictObject({
  label: z.string().default("service"),
  signals: z.record(z.string(), signalSchema),
});

function sourceOf(name: string, preset: Preset, label: string | undefined): Source {
  const templates = Object.entries(preset.signals).map(([signal, given]): [string, Template] => {
    const one = typeof given === "string" ? { query: given, label: label ?? preset.label } : given;
    return [signal, checked(`${name}, ${signal}`, signal, one)];
  });
  return { name, signals: new Map(templates), ...(preset.counter === undefined ? {} : { counter: preset.counter }) };
}

function checked(where: string, signal: string, template: Template): Template {
  const problem = SIGNAL.test(signal) ? problemOf(template) : "a signal's name is snake case with the unit last";
  if (problem !== undefined) throw new ConfigError(`${where}: ${problem}`);
  return template;
}

export interface SourcesConfig {
  readonly presets: readonly PresetName[];
  /** The label with a service's name, by preset, where it is not the preset's own. */
  readonly labels: ReadonlyMap<PresetName, string>;
  readonly own?: Preset | undefined;
}

/** The sources in order: where two know a signal of one service, the first that has samples of it is believed. */
export function sourcesOf({ presets, labels, own }: SourcesConfig): readonly Source[] {
  const ofTeam = own ? [sourceOf(OWN, own, undefined)] : [];
  for (const [signal, template] of ofTeam[0]?.signals ?? []) {
    if (!asksByService(template))
      throw new ConfigError(`${OWN}, ${signal}: the query has no $service to tell services apart`);
  }
  return [...ofTeam, ...presets.map((name) => sourceOf(`preset ${name}`, PRESETS[name], labels.get(name)))];
}

/** Each service's own queries, by service and signal. They speak of that service alone, so `$rate` is all they may leave open. */
export function overridesOf(catalog: Catalog): ReadonlyMap<string, Source> {
  const found = catalog.entries().flatMap(({ name, annotations }): [string, Source][] => {
    const own = Object.entries(annotations).filter(([key]) => key.startsWith(QUERY_ANNOTATION));
    const templates = own.map(([key, query]): [string, Template] => {
      const signal = key.slice(QUERY_ANNOTATION.length);
      const where = `catalog: ${name}, ${key}`;
      if (/\$(?:service|by)\b/.test(query))
        throw new ConfigError(`${where}: it speaks of this service alone; only $rate is filled in`);
      return [signal, checked(where, signal, { query, label: "service" })];
    });
    return own.length === 0 ? [] : [[name, { name: `annotation of ${name}`, signals: new Map(templates) }]];
  });
  return new Map(found);
}
