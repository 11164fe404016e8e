import { CouldNotLook } from "@oncall-copilot/core";
import type { HttpClient } from "@oncall-copilot/core/backend";
import { z } from "zod";
import type { Grid } from "./grid.ts";
import { quote } from "./promql.ts";

/** A label that tells how a request ended, with the values of it that were seen. */
export interface StatusLabel {
  readonly label: string;
  readonly failed: readonly string[];
  /** Those that failed among them. */
  readonly understood: readonly string[];
}

/** What the series of a counter have. */
export interface FoundLabels {
  /** The label that is understood; undefined when none is. */
  readonly status: StatusLabel | undefined;
  /** Labels whose names say that they tell how something ended, with some of their values. */
  readonly hints: readonly string[];
  /** All names of labels, but those that the scrape gives. */
  readonly names: readonly string[];
}

const Series = z.object({ status: z.literal("success"), data: z.array(z.record(z.string(), z.string())) });

/** Most series of a counter that are looked at. */
const MAX_SERIES = 500;
/** Most values that a gap shows of a label. */
const MAX_VALUES = 4;

/** Of whoever scrapes, or of the metric itself: none tells how a request ended. */
const OF_THE_SCRAPE =
  /^(?:__name__|job|instance|pod|container|namespace|cluster|service|node|endpoint|le|prometheus.*|exported_.*)$/;
/** Names under which instrumentations tell how a request ended. */
const HINT = /status|code|class|outcome|result|success|error|fail|exception|response/i;

/** Vocabularies of how a request ended: what failed, and what is understood at all. Compared without regard to case. */
interface Vocabulary {
  readonly understood: RegExp;
  readonly failed: RegExp;
  /** What a label's name must say, where the values alone may mean anything. */
  readonly named?: RegExp;
}
const VOCABULARIES: readonly Vocabulary[] = [
  // HTTP, whole or by class (RFC 9110, section 15).
  { understood: /^[1-5](?:\d\d|xx)$/i, failed: /^5(?:\d\d|xx)$/i },
  { understood: /^[1-5]$/, failed: /^5$/, named: /class/i },
  // gRPC's codes, by name. https://grpc.io/docs/guides/status-codes/
  {
    understood:
      /^(?:ok|cancell?ed|unknown|invalid_?argument|deadline_?exceeded|not_?found|already_?exists|permission_?denied|resource_?exhausted|failed_?precondition|aborted|out_?of_?range|unimplemented|internal|unavailable|data_?loss|unauthenticated)$/i,
    failed: /^(?:unknown|deadline_?exceeded|unimplemented|internal|unavailable|data_?loss|resource_?exhausted)$/i,
  },
  { understood: /^(?:\d|1[0-6])$/, failed: /^(?:2|4|8|12|13|14|15)$/, named: /grpc/i },
  // Micrometer's outcome, and plain words.
  {
    understood:
      /^(?:informational|success|redirection|client_error|server_error|ok|succeeded|successful|error|errors|failure|failed|fail|exception|timeout)$/i,
    failed: /^(?:server_error|error|errors|failure|failed|fail|exception|timeout)$/i,
  },
  { understood: /^(?:true|false|0|1)$/i, failed: /^(?:true|1)$/i, named: /error|fail|exception/i },
  { understood: /^(?:true|false|0|1)$/i, failed: /^(?:false|0)$/i, named: /success|^ok$/i },
];

/**
 * Which labels the series of a counter have, and which of them tells how a request ended. Only what is there counts: a value that nobody
 * has seen makes no vocabulary. A label is understood when all of its values are, but for those that say nothing.
 *
 * @throws CouldNotLook when it cannot be asked
 */
export async function labelsOf(
  http: HttpClient,
  selector: string,
  { start, end }: Grid,
  abort: AbortSignal,
): Promise<FoundLabels> {
  const query = new URLSearchParams({ "match[]": selector, start: String(start), end: String(end) });
  query.set("limit", String(MAX_SERIES));
  const { json } = await http.ask({ path: "/api/v1/series", query, abort });
  const parsed = Series.safeParse(json);
  if (!parsed.success) throw new CouldNotLook("bad_response", "it did not tell the labels of the counter");
  const values = new Map<string, Set<string>>();
  for (const series of parsed.data.data.slice(0, MAX_SERIES)) {
    for (const [label, value] of Object.entries(series)) {
      if (!OF_THE_SCRAPE.test(label)) values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  return readLabels(values);
}

const saysNothing = (value: string) => value === "" || /^(?:none|null|n\/a|-)$/i.test(value);

export function readLabels(values: ReadonlyMap<string, ReadonlySet<string>>): FoundLabels {
  const found: StatusLabel[] = [];
  const hints: string[] = [];
  // A name that says it comes before one that only looks like it.
  const labels = [...values].sort(([a], [b]) => Number(HINT.test(b)) - Number(HINT.test(a)) || (a < b ? -1 : 1));
  for (const [label, all] of labels) {
    const told = [...all].filter((value) => !saysNothing(value)).sort();
    if (HINT.test(label))
      hints.push(`${label} (${told.slice(0, MAX_VALUES).join(", ")}${told.length > MAX_VALUES ? ", ..." : ""})`);
    const vocabulary = VOCABULARIES.find(
      ({ understood, named }) =>
        told.length > 0 && (named?.test(label) ?? true) && told.every((value) => understood.test(value)),
    );
    // Numbers and words may mean anything where the name says nothing: `version="200"`.
    if (!vocabulary || !HINT.test(label)) continue;
    found.push({ label, failed: told.filter((value) => vocabulary.failed.test(value)), understood: told });
  }
  return { status: found[0], hints, names: [...values.keys()].sort() };
}

const escaped = (value: string) => value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
const anyOf = (values: readonly string[]) => quote(values.map(escaped).join("|"));

/** The ratio of failed requests by a label that was found, in PromQL with the placeholders of a template. */
export function ratioBy(counter: string, { label, failed, understood }: StatusLabel): string {
  const all = `rate(${counter}{$service,${label}=~${anyOf(understood)}}[$rate])`;
  const bad = failed.length === 0 ? [] : [`rate(${counter}{$service,${label}=~${anyOf(failed)}}[$rate])`];
  return `sum by($by)(${[...bad, `0*${all}`].join(" or ")})/sum by($by)(rate(${counter}{$service}[$rate]))`;
}
