import {
  type Citation,
  type Claim,
  type Evidence,
  type Family,
  type Mark,
  marksOfQuote,
  mentions,
} from "@oncall-copilot/core";
import { kindOf, kinds, type Witness } from "./kinds.ts";

/** Whom agreement is counted about, and when. */
export interface Question {
  readonly culprit: string;
  /** Who calls it, by the catalog. */
  readonly callers: readonly string[];
  readonly family: Family;
  /** When the alert fired, epoch milliseconds. */
  readonly page: number;
}

/** A mark that a citation shows. */
export interface Shown {
  readonly item: Evidence;
  readonly kind: Witness | undefined;
  readonly quote: string;
  readonly mark: Mark;
}

/** What these citations show. A citation of evidence that is not there shows nothing. */
export function shownBy(citations: readonly Citation[], evidence: ReadonlyMap<string, Evidence>): Shown[] {
  return citations.flatMap(({ id, quote }) => {
    const item = evidence.get(id);
    return item ? marksOfQuote(item, quote).map((mark) => ({ item, kind: kindOf(id), quote, mark })) : [];
  });
}

/** Everything that an item shows, whatever is quoted of it. */
const allOf = (item: Evidence): Shown[] => shownBy([{ id: item.id, quote: item.text }], new Map([[item.id, item]]));

export const isAbout = ({ item, mark }: Pick<Shown, "item" | "mark">, name: string): boolean =>
  mark.whose === undefined ? item.about.includes(name) : mark.whose === name;

/** What was over this long before the page was over before it: samples come late, and alerts wait for a few of them. */
const STILL_MS = 120_000;
/** A change within this time before a signal recovered made it recover. */
const ACT_MS = 10 * 60_000;
/** A sample is stamped at the end of its period, and clocks differ: what went live this long after a turn may be its cause. */
const TURN_SLACK_MS = 60_000;

export const isStillSo = ({ mark }: Pick<Shown, "mark">, page: number): boolean =>
  mark.to === undefined || mark.to >= page - STILL_MS;

/** Out of its usual range, for the worse, and not by its traffic alone. */
export const isTrouble = ({ kind, mark }: Pick<Shown, "kind" | "mark">): boolean =>
  kind === "metrics" && mark.shows === "unusual" && mark.better !== true && mark.load !== true;

/** Measured, and as ever: a sign of health. */
export const isHealth = ({ kind, mark }: Pick<Shown, "kind" | "mark">): boolean =>
  kind === "metrics" && mark.shows === "usual" && mark.load !== true;

const isIdle = ({ kind, mark }: Shown): boolean =>
  kind === "metrics" && mark.shows === "absent" && mark.load === true && mark.over === undefined;

export interface Agreement {
  readonly agreeing: readonly Witness[];
  /** What is cited in support and speaks against it all the same: the culprit's own figures are as usual, or it is asked nothing. */
  readonly healthy: boolean;
  /** Its own trouble that is cited was over before the page. */
  readonly over: boolean;
  /** No signal of its own could be compared. */
  readonly unmeasured: boolean;
}

/** Which kinds of evidence agree on the culprit, by what the cited items show about whom. */
export function agreementOn(
  { culprit, callers, family, page }: Question,
  claims: readonly Claim[],
  evidence: ReadonlyMap<string, Evidence>,
): Agreement {
  const shown = shownBy(
    claims.flatMap((claim) => claim.supports),
    evidence,
  );
  const own = shown.filter((one) => isAbout(one, culprit));
  const changes = own.filter(
    ({ kind, mark }) => kind === "changes" && mark.shows === "change" && mark.from !== undefined,
  );
  const endedByAct = ({ mark }: Shown) =>
    mark.to !== undefined &&
    changes.some(({ mark: { from = 0 } }) => from <= (mark.to ?? 0) + TURN_SLACK_MS && (mark.to ?? 0) - from <= ACT_MS);
  const unmeasured = ![...evidence.values()].some(
    (item) => kindOf(item.id) === "metrics" && allOf(item).some((one) => isAbout(one, culprit) && isCompared(one)),
  );
  // Its traffic is a sign only where too much of it is what is wrong.
  const troubles = own.filter(
    (one) => isTrouble(one) || (family === "undersized_hpa" && one.kind === "metrics" && one.mark.shows === "unusual"),
  );
  const lasting = troubles.filter((one) => isStillSo(one, page) || endedByAct(one));
  // What has no series of its own is known by how those fare who call it.
  const felt = unmeasured
    ? shown.filter((one) => isTrouble(one) && isStillSo(one, page) && callers.some((name) => isAbout(one, name)))
    : [];
  const failing = shown.filter(
    (one) =>
      one.kind === "logs" &&
      one.mark.shows === "failing" &&
      isStillSo(one, page) &&
      (isAbout(one, culprit) || one.mark.peers?.includes(culprit) === true || mentions(one.quote, culprit)),
  );
  const turns = [...lasting, ...felt, ...failing].flatMap(({ mark }) =>
    mark.from === undefined || mark.load === true || mark.of === "rising" ? [] : [mark.from],
  );
  const turned = turns.length === 0 ? page : Math.max(...turns);
  const rules: Readonly<Record<Witness, boolean>> = {
    metrics: lasting.length + felt.length > 0,
    logs: failing.length > 0,
    changes:
      changes.some(({ mark }) => (mark.from ?? Number.POSITIVE_INFINITY) <= turned + TURN_SLACK_MS) ||
      // What is set by hand has no commit: what stands in git, beside a figure of what runs, shows it.
      (family === "config_drift" &&
        lasting.length > 0 &&
        own.some(({ kind, mark }) => kind === "changes" && mark.shows === "state")),
    history: shown.some((one) => one.mark.shows === "past" && (isAbout(one, culprit) || mentions(one.quote, culprit))),
  };
  // A kind that has no rule of its own agrees by what it shows to be wrong with the culprit itself.
  const isAmiss = ({ mark }: Shown) => mark.shows === "failing" || (mark.shows === "unusual" && mark.better !== true);
  const agrees = (kind: Witness) =>
    rules[kind] ?? own.some((one) => one.kind === kind && isAmiss(one) && isStillSo(one, page));
  return {
    agreeing: kinds().witnesses.filter(agrees),
    healthy: lasting.length === 0 && own.some((one) => isHealth(one) || isIdle(one)),
    over: troubles.length > 0 && lasting.length === 0,
    unmeasured,
  };
}

const isCompared = ({ mark }: Shown): boolean => mark.shows === "unusual" || mark.shows === "usual";

/** Which kinds speak of a service at all, where nobody is blamed. */
export function kindsThatSpeakOf(
  service: string,
  claims: readonly Claim[],
  evidence: ReadonlyMap<string, Evidence>,
): Witness[] {
  const shown = shownBy(
    claims.flatMap((claim) => claim.supports),
    evidence,
  );
  return kinds().witnesses.filter((kind) => shown.some((one) => one.kind === kind && isAbout(one, service)));
}
