import { z } from "zod";
import type { SignalChange } from "../change/signal-change.ts";
import type { Span } from "../change/span.ts";
import { shortInstant } from "./figures.ts";

/** More than a picture needs would cost tokens and show nothing. */
const MAX_POINTS = 60;

export const ShownPoints = z.strictObject({
  signal: z.string(),
  since: z.string(),
  seconds: z.array(z.number()).describe("after since"),
  values: z.array(z.number()),
});
export type ShownPoints = z.infer<typeof ShownPoints>;

/** The samples of one signal in the window; of more than {@link MAX_POINTS}, each stretch's sample farthest from the median of all. */
export function pointsOf(change: SignalChange, { from, to }: Span): ShownPoints | undefined {
  const { times, values } = change.series;
  const inside = times.flatMap((at, index) => {
    const value = values[index];
    return value === undefined || at <= from || at > to ? [] : [{ at, value }];
  });
  const [first] = inside;
  if (!first) return undefined;
  const kept = thinned(inside);
  return {
    ...{ signal: change.signal, since: shortInstant(first.at) },
    seconds: kept.map(({ at }) => Math.round((at - Math.floor(first.at / 1_000) * 1_000) / 1_000)),
    values: kept.map(({ value }) => Number(value.toPrecision(3))),
  };
}

interface Point {
  readonly at: number;
  readonly value: number;
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MAX_POINTS) return points;
  const middle = points.map(({ value }) => value).sort((a, b) => a - b)[Math.floor(points.length / 2)] ?? 0;
  return Array.from({ length: MAX_POINTS }, (_, index) => {
    const stretch = points.slice(
      Math.floor((index * points.length) / MAX_POINTS),
      Math.floor(((index + 1) * points.length) / MAX_POINTS),
    );
    return stretch.toSorted((a, b) => Math.abs(b.value - middle) - Math.abs(a.value - middle)).slice(0, 1);
  }).flat();
}

export const pointsText = ({ signal, since, seconds, values }: ShownPoints): string =>
  `${signal}, seconds since ${since} and value: ${seconds.map((second, index) => `${second} ${values[index]}`).join(", ")}`;
