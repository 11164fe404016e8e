import type { CleanSeries } from "../change/clean.ts";
import { median } from "../change/statistics.ts";
import { meaningOf } from "../signals/role.ts";
import { unitOf } from "../signals/unit.ts";

/** What a service is asked, as far as its series tell. */
export interface Traffic {
  /** Usual requests per second; undefined where it does not report them under the usual name. */
  readonly usual: number | undefined;
  /** Since when it gets no requests at all, epoch ms. */
  readonly noneSince: number | undefined;
}

/** So many samples without a request in a row are no traffic. */
const MIN_ZEROS = 2;

/** Each service's traffic: it tells how much chance there is in its other signals, and whether these can say anything. */
export function trafficOf(series: readonly CleanSeries[]): ReadonlyMap<string, Traffic> {
  const found = new Map<string, Traffic>();
  for (const one of series) {
    if (!isRequests(one.signal)) continue;
    const isUsualName = one.signal === "requests_per_second";
    if (!isUsualName && found.has(one.service)) continue;
    found.set(one.service, { usual: isUsualName ? median(one.values) : undefined, noneSince: noneSince(one) });
  }
  return found;
}

const isRequests = (signal: string): boolean =>
  unitOf(signal) === "per_second" && meaningOf(signal).role === "load" && /request|invocation|call/.test(signal);

function noneSince({ times, values }: CleanSeries): number | undefined {
  let first = values.length;
  while (first > 0 && values[first - 1] === 0) first--;
  return values.length - first >= MIN_ZEROS ? times[first] : undefined;
}
