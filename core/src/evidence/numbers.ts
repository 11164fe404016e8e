import { type Unit, unitOf } from "./units.ts";

/** A figure as it stands in a text: its value, how finely it was written, and its unit. */
export interface Figure {
  readonly value: number;
  /** Decimal places written; negative for an integer's trailing zeros (1,800 was written to -2 places). */
  readonly places: number;
  readonly significant: number;
  /** Undefined when the text does not say what it measures. */
  readonly unit: Unit | undefined;
}

const FIGURE = /^([+-]?)(\d{1,3}(?:[,_]\d{3})+|\d+)(\.\d+)?(?:[eE]([+-]?\d{1,2}))?(\p{L}*|[%×])$/u;
const DURATION = /^(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})(?:\.\d{1,9})?s)?$/;
/** More characters than a figure has, and more digits than a number holds exactly: that is an id. */
const MAX_CHARACTERS = 32;
const MAX_DIGITS = 15;

/** Reads one token as a figure with an optional unit attached, or says that it is none (`10:02`, `v2`, `a1b2c3d`). */
export function readFigure(token: string): Figure | undefined {
  const match = token.length > MAX_CHARACTERS ? null : FIGURE.exec(token);
  if (!match) return readDuration(token);
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  const digits = whole.replace(/[,_]/g, "");
  const unit = unitOf(suffix);
  if ((suffix !== "" && !unit) || digits.length + fraction.length > MAX_DIGITS) return undefined;
  const value = Number(`${sign}${digits}${fraction}${exponent ? `e${exponent}` : ""}`);
  const zeros = fraction || exponent ? 0 : (/0*$/.exec(digits)?.[0].length ?? 0);
  const significant = (digits + fraction.slice(1)).replace(/^0+/, "").length - zeros;
  const places = fraction || exponent ? Math.max(0, fraction.length - 1) - Number(exponent ?? 0) : -zeros;
  return { value, places: digits === "0" && !fraction ? 0 : places, significant, unit };
}

/** `1h30m` and `1m30s`, as Go and Prometheus write durations. */
function readDuration(token: string): Figure | undefined {
  const match = token === "" ? null : DURATION.exec(token);
  if (!match) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return exactly(hours * 3600 + minutes * 60 + seconds, unitOf("s"));
}

export function exactly(value: number, unit?: Unit): Figure {
  return { value, places: 0, significant: String(value).length, unit };
}

/** Largest relative error that still counts as rounding: 0.231 may become 0.2, but 0.6 may not become 1. */
const MAX_ROUNDING = 0.15;

/** How a claim hedges a figure: the exact one is about it, over it ("more than 400") or under it ("nearly 500"). */
export type Hedge = "about" | "over" | "under" | undefined;

function roundsTo(exact: number, claimed: Figure, hedge: Hedge): boolean {
  if (exact === claimed.value) return true;
  const error = claimed.value - exact;
  if (claimed.value === 0 || Math.abs(error) / Math.abs(exact) > MAX_ROUNDING) return false;
  if (hedge === "about" || (hedge === "over" && error < 0) || (hedge === "under" && error > 0)) return true;
  // An integer's trailing zeros are rounding only when two significant digits are left: 1,800 for 1,842, not 2,000.
  const places = claimed.places < 0 && claimed.significant < 2 ? 0 : claimed.places;
  return Math.abs(error) <= 10 ** -places / 2 + Math.abs(exact) * 1e-9;
}

/**
 * Whether a claimed figure says the same as a quoted one: equal, rounded, or in another unit of the same dimension. Where
 * one of them does not say its unit, the bare numbers are compared; but a bare number below 1 is a ratio to a claim in
 * percent, so that 0.5 is never 0.5 %. Direction is a word's business ("fell by 12 %"), so the sign is not compared.
 */
export function sameFigure(claimed: Figure, quoted: Figure, hedge?: Hedge): boolean {
  const target: Figure = { ...claimed, value: Math.abs(claimed.value) };
  const is = (exact: number) => roundsTo(exact, target, hedge);
  const value = Math.abs(quoted.value);
  const base = value * (quoted.unit?.factor ?? 1);
  if (!claimed.unit) return is(value) || (isScale(quoted.unit) && is(base));
  const { dimension, factor } = claimed.unit;
  if (quoted.unit) return quoted.unit.dimension === dimension && is(base / factor);
  // What does not say that it is a time, a size or a share of a hundred is none: a bare 40 is not 40 %.
  if (dimension === "time" || dimension === "bytes") return false;
  if (value > 1) return dimension === "count" ? is(value / factor) : factor === 1 && is(value);
  // The 1 of `1 commit` is neither 1 % nor 100 %.
  return (dimension === "count" || value !== 1 || quoted.places > 0) && is(value / factor);
}

/** Units that a bare number takes in silently: 23 % is 0.23, and 1.2k is 1200. */
const isScale = (unit: Unit | undefined) => unit?.dimension === "ratio" || unit?.dimension === "count";
