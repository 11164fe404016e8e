import { CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import type { Grid } from "./grid.ts";
import { namesOf } from "./names.ts";
import type { Planned, Planning } from "./plan.ts";
import { STATUS_LABELS } from "./presets/preset.ts";
import { matcher } from "./promql.ts";
import { queryRange, type Result } from "./query-range.ts";
import { SCOPE_LABELS } from "./scope.ts";
import { type FoundLabels, labelsOf, ratioBy } from "./status-labels.ts";
import { fill } from "./template.ts";

interface Parts extends Planning {
  readonly name: string;
  readonly http: HttpClient;
}

interface Lacking {
  /** Services with requests, and without an error ratio. */
  readonly services: readonly string[];
  readonly answered: readonly (readonly [Planned, Result])[];
  readonly grid: Grid;
  readonly abort: AbortSignal;
}

export interface ByOtherLabels {
  /** Further queries for error ratios, and what came of them. */
  readonly answered: readonly [Planned, Result][];
  readonly gaps: readonly string[];
}

/** Services whose counters are looked into: each costs two questions. */
const MAX_SERVICES = 3;
const MAX_NAMES = 6;

/**
 * Error ratios of services whose counter of requests tells how they ended under another label than the usual ones: the labels that are there
 * are asked for, and one that is understood is gone by. Where none is, a gap names what was found.
 */
export async function byOtherLabels(
  parts: Parts,
  { services, answered, grid, abort }: Lacking,
): Promise<ByOtherLabels> {
  const found = await Promise.all(
    services.slice(0, MAX_SERVICES).map(async (service) => {
      const asked = answered.find(
        ([{ signal, serviceOf }, { rows }]) =>
          signal === "requests_per_second" && rows.some(({ labels }) => serviceOf(labels) === service),
      )?.[0];
      const counter = parts.sources.find(({ name }) => name === asked?.source)?.counter;
      if (!asked || counter === undefined) return { gaps: [unknownGap([service])] };
      try {
        return await lookInto(parts, { service, asked, counter, grid, abort });
      } catch (error) {
        abort.throwIfAborted();
        if (!(error instanceof CouldNotLook)) throw error;
        return { gaps: [unknownGap([service])] };
      }
    }),
  );
  const left = services.slice(MAX_SERVICES);
  return {
    answered: found.flatMap((one) => ("answered" in one && one.answered ? [one.answered] : [])),
    gaps: [...new Set([...found.flatMap(({ gaps }) => gaps), ...(left.length > 0 ? [unknownGap(left)] : [])])],
  };
}

interface Looking {
  readonly service: string;
  readonly asked: Planned;
  readonly counter: string;
  readonly grid: Grid;
  readonly abort: AbortSignal;
}

async function lookInto(
  { http, name, catalog, matchers }: Parts,
  { service, asked, counter, grid, abort }: Looking,
): Promise<{ answered?: [Planned, Result]; gaps: readonly string[] }> {
  const { label } = asked.template;
  const { values } = namesOf(catalog, [service]);
  const selector = `${counter}{${matcher(label, values)}${matchers ? `,${matchers}` : ""}}`;
  const labels = await labelsOf(http, selector, grid, abort);
  if (!labels.status) return { gaps: [foundGap(service, counter, labels)] };
  const template = { query: ratioBy(counter, labels.status), label };
  const expression = fill(template, values, grid.rate, { matchers, by: SCOPE_LABELS });
  const result = await queryRange(http, name, expression, grid, abort);
  return { answered: [{ ...asked, signal: "error_ratio", template, expression }, result], gaps: [] };
}

const CURE = "name the query by oncall/promql.error_ratio";

function foundGap(service: string, counter: string, { hints, names }: FoundLabels): string {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  const has =
    hints.length > 0
      ? `has ${hints.slice(0, MAX_NAMES).join(" and ")}, which is not understood`
      : `has no label of how a request ended, but ${names.slice(0, MAX_NAMES).join(", ") || "none at all"}${more}`;
  return `no error ratio of ${service}: its counter ${counter} ${has}; ${CURE}`;
}

function unknownGap(services: readonly string[]): string {
  const names = services.slice(0, MAX_SERVICES);
  const more = services.length > names.length ? ` and ${services.length - names.length} more` : "";
  return `no error ratio of ${names.join(", ")}${more}: the counter of requests has no status that is understood under ${STATUS_LABELS.join(", ")} or the preset's own label; ${CURE}`;
}
