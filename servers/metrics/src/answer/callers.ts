import type { SignalChange } from "../change/signal-change.ts";
import { onsetOfChange, standingOf } from "../ranking/standing.ts";
import { weighChanges } from "../ranking/weigh.ts";
import type { MetricsStore } from "../store.ts";
import type { Caller } from "../walk/callers.ts";
import { describeInLine } from "./describe.ts";
import { shortInstant } from "./figures.ts";
import { markOfSignal } from "./marks.ts";
import { nameSome } from "./names.ts";
import { NOTABLE } from "./notable.ts";
import type { ShownCallers } from "./schema.ts";
import type { PartDraft } from "./shown.ts";

/** Lines that are shown: an answer has little room, and the first that turned tells most. */
const MAX_LINES = 4;

export interface CallersSeen {
  readonly part: Omit<ShownCallers, "evidence">;
  readonly draft: PartDraft | undefined;
}

export interface CallersParts {
  readonly callers: readonly Caller[];
  readonly changes: readonly SignalChange[];
  /** The service asked about. */
  readonly start: string;
  readonly window: { readonly from: number; readonly to: number };
  readonly store: MetricsStore;
  /** Services of which a signal could not be read: nothing unusual says nothing of them. */
  readonly unread: ReadonlySet<string>;
}

/** Who calls the service asked about and who alerted with it: a line for each that turned, names of those that are as usual. */
export function showCallers({ callers, changes, start, window, store, unread }: CallersParts): CallersSeen | undefined {
  if (callers.length === 0) return undefined;
  const seen = callers.map(({ name, relation }) => {
    const its = changes.filter(({ service }) => service === name);
    return { name, relation, its, standing: standingOf(weighChanges(its, { from: window.from })) };
  });
  const turned = seen
    .filter(({ standing }) => standing.own >= NOTABLE)
    .sort((a, b) => b.standing.own - a.standing.own)
    .slice(0, MAX_LINES);
  const lines = turned.flatMap(({ name, relation, standing: { own, main } }) => {
    if (!main) return [];
    const onset = onsetOfChange(main);
    const recovered = main.status === "measured" ? main.recoveredAt : null;
    return {
      shown: {
        ...{ service: name, relation, signal: main.signal, score: Math.round(own * 100) / 100 },
        change: main.status === "stopped" || main.change === "usual" ? ("stopped" as const) : main.change,
        onset: onset === null ? null : shortInstant(onset),
        ...(recovered === null ? {} : { recovered_at: shortInstant(recovered) }),
      },
      text: describeInLine({ name, kind: "service", beside: relation, hops: 0, start }, main),
      onset,
      main,
    };
  });
  const [first] = lines;
  const calm = seen.filter(({ name, its, standing }) => standing.own < NOTABLE && its.length > 0 && !unread.has(name));
  return {
    part: {
      turned: lines.map(({ shown }) => shown),
      usual: [...nameSome(calm.map(({ name }) => name)).names],
      missing: [...nameSome(seen.filter(({ its }) => its.length === 0).map(({ name }) => name)).names],
    },
    draft: first && {
      text: lines.map(({ text }) => text).join("\n"),
      url: store.url(first.shown.service, first.main.series, window.from, window.to),
      at: first.shown.onset ?? `${shortInstant(window.from)}/${shortInstant(window.to)}`,
      about: lines.map(({ shown }) => shown.service),
      shows: lines.map(({ shown, main }, index) => ({
        ...markOfSignal(main),
        whose: shown.service,
        lines: { first: index + 1, last: index + 1 },
      })),
    },
  };
}
