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

/** Puts everything in at once, so that nothing in a value is ever read as a placeholder. */
export function fill({ query, label }: Template, values: readonly string[], rateSeconds: number): string {
  return query.replace(PLACEHOLDER, (whole, name: string) => {
    if (name === "service") return matcher(label, values);
    if (name === "by") return label;
    return name === "rate" ? duration(rateSeconds) : whole;
  });
}
