import { type NothingFound, nearest } from "@oncall-copilot/core";
import type { Asked, Measurements } from "../measure.ts";
import type { MetricsStore } from "../store.ts";
import { shortInstant } from "./figures.ts";
import { nameSome } from "./names.ts";
import type { MetricsAnswer } from "./schema.ts";

const MAX_SIGNALS_OFFERED = 20;

/** Says what was searched, by which labels and values; when one signal was asked for, also which ones there are. */
export async function nothingFound(
  store: MetricsStore,
  start: string,
  { services, from, to, signals, abort }: Asked,
  { periods, gaps }: Pick<Measurements, "periods" | "gaps">,
): Promise<NothingFound<MetricsAnswer>> {
  const [signal] = signals ?? [];
  const spanOf = (first: number, last: number) => ({ from: shortInstant(first), to: shortInstant(last) });
  const known = signal ? await store.series({ services, from: periods.baselineFrom, to, abort }) : undefined;
  const names = [...new Set(known?.series.map((series) => series.signal))].sort();
  const close = signal ? nearest(signal, names, 3) : [];
  const offered = [...new Set([...close, ...names])];
  const some = offered.slice(0, MAX_SIGNALS_OFFERED).join(", ");
  const more = offered.length > MAX_SIGNALS_OFFERED ? ` and ${offered.length - MAX_SIGNALS_OFFERED} more` : "";
  const { names: missing, leftOut } = nameSome(services);
  const looked = store.lookedFor?.(start);
  return {
    outcome: "nothing_found",
    summary: `No series${signal ? ` named ${signal.slice(0, 80)}` : ""} of ${start} or what it depends on.`,
    gaps: [...gaps],
    searched: [
      `${store.name}: ${missing.join(", ")}${leftOut > 0 ? ` and ${leftOut} more` : ""}; ${shortInstant(periods.baselineFrom)} to ${shortInstant(to)}`,
      ...(looked === undefined ? [] : [`${start} by ${looked}`]),
    ].join("; "),
    absence: { about: missing, over: 0, from: periods.baselineFrom, to, url: store.url(start, undefined, from, to) },
    tryNext:
      offered.length > 0
        ? [`a signal that is there: ${some}${more}`]
        : ["another window", "the logs: nothing here reports metrics"],
    data: {
      service: start,
      window: spanOf(from, to),
      baseline: spanOf(periods.baselineFrom, from),
      suspects: [],
      more: null,
      usual: [],
      missing: [...missing],
    },
  };
}
