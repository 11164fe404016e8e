import { duration, LABEL, matcher } from "./promql.ts";

/**
 * A signal's PromQL with three placeholders: `$service` is the matcher of the services asked about, `$by` the label that tells
 * them apart, and `$rate` the window of a rate. For example `sum by ($by) (rate(http_requests_total{$service}[$rate]))`.
 */
export interface Template {
  readonly query: string;
  /** The label that holds a service's name. */
  readonly label: string;
}

const PLACEHOLDER = /\$(\w+)/g;
const KNOWN = new Set(["service", "by", "rate"]);

/** What is wrong with a template, in words for whoever wrote it; undefined when nothing is. */
export function problemOf({ query, label }: Template): string | undefined {
  if (query.trim() === "") return "the query is empty";
  if (!LABEL.test(label)) return `${JSON.stringify(label)} is no name of a label`;
  const unknown = [...query.matchAll(PLACEHOLDER)].find(([, name = ""]) => !KNOWN.has(name));
  return unknown ? `${unknown[0]} is not known: there are $service, $by and $rate` : undefined;
}

/** Whether the query tells services apart; one that does not speaks of a single service alone. */
export const asksByService = ({ query }: Template): boolean => /\$service\b/.test(query);

/** What a query is narrowed down by, and told apart by, beside the service. */
export interface Narrowed {
  /** PromQL matchers that every selector of services gets: `cluster='eu-1'`. */
  readonly matchers?: string | undefined;
  /** Labels that tell rows apart beside the service's own. */
  readonly by?: readonly string[];
}

/** Puts everything in at once, so that nothing in a value is ever read as a placeholder. */
export function fill(
  { query, label }: Template,
  values: readonly string[],
  rateSeconds: number,
  { matchers, by = [] }: Narrowed = {},
): string {
  return query.replace(PLACEHOLDER, (whole, name: string) => {
    if (name === "service") return `${matcher(label, values)}${matchers ? `,${matchers}` : ""}`;
    if (name === "by") return [label, ...by].join(",");
    return name === "rate" ? duration(rateSeconds) : whole;
  });
}
