import type { EvidenceDraft } from "@oncall-copilot/core";
import type { SignalChange } from "../change/signal-change.ts";
import type { Suspect } from "../ranking/rank.ts";
import { onsetOfChange } from "../ranking/standing.ts";
import { meaningOf } from "../signals/role.ts";
import type { MetricsStore } from "../store.ts";
import { describe, describeInLine, type Place } from "./describe.ts";
import { shortInstant, timesUsual } from "./figures.ts";
import { markOfSignal } from "./marks.ts";
import type { MoreSuspects, ShownSignal, ShownSuspect, SignalState } from "./schema.ts";
import { whyOf } from "./why.ts";

/** What every part of an answer is shown against. */
export interface Scene {
  /** The service asked about. */
  readonly start: string;
  readonly kinds: ReadonlyMap<string, "service" | "resource">;
  /** Epoch milliseconds. */
  readonly window: { readonly from: number; readonly to: number };
  readonly store: MetricsStore;
  /** Symptoms that the backend did not give, by service. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
}

export type PartDraft = EvidenceDraft;

/** A part of an answer before its evidence has a receipt. */
export interface Unminted<P> {
  readonly part: P;
  readonly draft: EvidenceDraft;
}

const twoDigits = (value: number) => Math.round(value * 100) / 100;
const orNull = (at: number | null) => (at === null ? null : shortInstant(at));

const placeOf = (suspect: Suspect, { kinds, start }: Scene): Place => ({
  name: suspect.name,
  kind: kinds.get(suspect.name) ?? "service",
  hops: suspect.hops,
  start,
});

const windowOf = ({ window }: Scene) => `${shortInstant(window.from)}/${shortInstant(window.to)}`;

/** The first onset among what is shown: an onset that no shown line gives could not be quoted. */
function earliest(changes: readonly SignalChange[]): number | null {
  const onsets = changes.flatMap((change) => onsetOfChange(change) ?? []);
  return onsets.length === 0 ? null : Math.min(...onsets);
}

/** The change to look at first: the most unusual one. */
function mainOf(changes: readonly SignalChange[]): SignalChange | undefined {
  const scoreOf = (change: SignalChange) => (change.status === "measured" ? change.score : 0);
  return [...changes].sort((a, b) => scoreOf(b) - scoreOf(a))[0];
}

function stateOf(change: SignalChange): SignalState | undefined {
  if (change.status === "no_traffic") return change.status;
  return change.status === "measured" && change.recoveredAt !== null ? "recovered" : undefined;
}

/** A signal that could not be read, of which there is nothing to quote. */
const refusedSignal = (signal: string): ShownSignal => ({
  ...{ signal, role: meaningOf(signal).role, change: "unmeasured", state: "refused", score: 0 },
  ...{ value: null, usual: null, onset: null },
});

function shownSignal(change: SignalChange): ShownSignal {
  const measured = change.status === "measured" ? change : undefined;
  const state = stateOf(change);
  const usual = change.status === "too_few_samples" ? undefined : change.usual;
  const isGrownLoad = measured?.change === "up" && change.meaning.role === "load";
  const grown = isGrownLoad ? timesUsual(measured.value, measured.usual.median) : undefined;
  return {
    signal: change.signal,
    role: change.meaning.role,
    change: measured?.change ?? (change.status === "stopped" ? "stopped" : "unmeasured"),
    ...(state ? { state } : {}),
    score: twoDigits(measured?.score ?? 0),
    value: measured ? Number(measured.value.toPrecision(3)) : null,
    usual: usual ? Number(usual.median.toPrecision(3)) : null,
    ...(grown === undefined ? {} : { times: grown }),
    onset: orNull(onsetOfChange(change)),
    ...(measured && measured.recoveredAt !== null ? { recovered_at: shortInstant(measured.recoveredAt) } : {}),
    ...(measured?.climbs ? { climbs: true as const } : {}),
    ...(measured?.usual.thin ? { thin: true as const } : {}),
  };
}

/** A suspect with some of its signals, as one evidence item. */
export function showSuspect(
  suspect: Suspect,
  changes: readonly SignalChange[],
  scene: Scene,
  withCourse: boolean,
): Unminted<Omit<ShownSuspect, "evidence">> {
  const place = placeOf(suspect, scene);
  const onset = orNull(earliest(changes));
  const { text, lines } = describe(place, changes, withCourse);
  return {
    part: {
      service: suspect.name,
      kind: place.kind,
      hops: suspect.hops,
      score: twoDigits(suspect.score),
      onset,
      ...(suspect.recoveredAt === null ? {} : { recovered_at: shortInstant(suspect.recoveredAt) }),
      why: whyOf(suspect),
      signals: [...changes.map(shownSignal), ...(scene.refused.get(suspect.name) ?? []).map(refusedSignal)],
    },
    draft: {
      text,
      url: scene.store.url(suspect.name, mainOf(changes)?.series, scene.window.from, scene.window.to),
      at: onset ?? windowOf(scene),
      about: [suspect.name],
      shows: changes.map((change, index) => ({ ...markOfSignal(change), lines: lines[index] })),
    },
  };
}

/** Suspects further down, a line each by what weighs most, as one evidence item. */
export function showMore(
  suspects: readonly Suspect[],
  scene: Scene,
): Unminted<Omit<MoreSuspects, "evidence">> | undefined {
  const told = suspects.flatMap((suspect) => (suspect.main ? [{ suspect, main: suspect.main }] : []));
  if (told.length === 0) return undefined;
  return {
    part: {
      suspects: suspects.map(({ name, score, main }) => ({
        service: name,
        score: twoDigits(score),
        onset: main ? orNull(onsetOfChange(main)) : null,
      })),
    },
    draft: {
      text: told.map(({ suspect, main }) => describeInLine(placeOf(suspect, scene), main)).join("\n"),
      url: scene.store.url(
        suspects[0]?.name ?? scene.start,
        suspects[0]?.main?.series,
        scene.window.from,
        scene.window.to,
      ),
      at: shortInstant(earliest(suspects.flatMap(({ main }) => main ?? [])) ?? scene.window.to),
      about: told.map(({ suspect }) => suspect.name),
      shows: told.map(({ suspect, main }, index) => ({
        ...markOfSignal(main),
        whose: suspect.name,
        lines: { first: index + 1, last: index + 1 },
      })),
    },
  };
}
