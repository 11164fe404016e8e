/** A figure as it stands in a text: its value, how finely it was written, and the unit right behind it. */
export interface Figure {
  readonly raw: string;
  readonly value: number;
  /** Decimal places written; negative for an integer's trailing zeros (1,800 was written to -2 places). */
  readonly places: number;
  readonly significant: number;
  readonly unit: string;
}

/** Units by dimension, as multiples of the dimension's base unit. Bytes go by 1000 and by 1024. */
const UNITS: Readonly<Record<string, readonly [dimension: string, factor: number]>> = {
  "%": ["ratio", 0.01],
  percent: ["ratio", 0.01],
  ms: ["time", 0.001],
  milliseconds: ["time", 0.001],
  s: ["time", 1],
  sec: ["time", 1],
  second: ["time", 1],
  seconds: ["time", 1],
  m: ["time", 60],
  min: ["time", 60],
  minute: ["time", 60],
  minutes: ["time", 60],
  h: ["time", 3600],
  hour: ["time", 3600],
  hours: ["time", 3600],
  d: ["time", 86_400],
  day: ["time", 86_400],
  days: ["time", 86_400],
  b: ["bytes", 1],
  byte: ["bytes", 1],
  bytes: ["bytes", 1],
  kb: ["bytes", 1e3],
  mb: ["bytes", 1e6],
  gb: ["bytes", 1e9],
  kib: ["bytes", 1024],
  mib: ["bytes", 1024 ** 2],
  gib: ["bytes", 1024 ** 3],
  k: ["count", 1e3],
};

/** The factors of each dimension, its base unit's among them. */
const DIMENSIONS = new Map<string, Set<number>>();
for (const [dimension, factor] of Object.values(UNITS)) {
  DIMENSIONS.set(dimension, (DIMENSIONS.get(dimension) ?? new Set([1])).add(factor));
}

const FIGURE = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:[eE]([+-]?\d{1,2}))?([a-zA-Z%×]*)$/;
const MULTIPLES = new Set(["×", "x"]);

/** Reads one token as a figure with an optional unit attached, or says that it is none (`10:02`, `v2`, `a1b2c3d`). */
export function readFigure(token: string): Figure | undefined {
  const match = FIGURE.exec(token);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  const unit = MULTIPLES.has(suffix.toLowerCase()) ? "" : suffix.toLowerCase();
  if (unit !== "" && !(unit in UNITS)) return undefined;
  const digits = whole.replaceAll(",", "");
  const value = Number(`${sign}${digits}${fraction}${exponent ? `e${exponent}` : ""}`);
  const zeros = fraction || exponent ? 0 : (/0*$/.exec(digits)?.[0].length ?? 0);
  const significant = (digits + fraction.slice(1)).replace(/^0+/, "").length - zeros;
  const places = fraction ? fraction.length - 1 - Number(exponent ?? 0) : -zeros;
  return { raw: token, value, places: digits === "0" && !fraction ? 0 : places, significant, unit };
}

/** Largest relative error that still counts as rounding: 0.231 may become 0.2, but 0.6 may not become 1. */
const MOST_ROUNDING = 0.15;

function roundsTo(exact: number, claimed: Figure): boolean {
  if (exact === claimed.value) return true;
  if (claimed.value === 0) return exact === 0;
  if (Math.abs(exact - claimed.value) / Math.abs(exact) > MOST_ROUNDING) return false;
  // An integer's trailing zeros are rounding only when two significant digits are left: 1,800 for 1,842, not 2,000.
  const places = claimed.places < 0 && claimed.significant < 2 ? 0 : claimed.places;
  const step = 10 ** -places;
  return Math.abs(exact - claimed.value) <= step / 2 + Math.abs(exact) * 1e-9;
}

/**
 * Whether a claimed figure says the same as a quoted one: equal, rounded, or in another unit of the same dimension.
 * A quoted figure without a unit of its own (`latency_p99_seconds 1.84`) may be read in any unit of the claim's.
 * Direction is a word's business ("fell by 12 %"), so the sign is not compared.
 */
export function sameFigure(claimed: Figure, quoted: Figure): boolean {
  const target: Figure = { ...claimed, value: Math.abs(claimed.value) };
  const value = Math.abs(quoted.value);
  if (roundsTo(value, target) && (claimed.unit === quoted.unit || claimed.unit === "" || quoted.unit === ""))
    return true;
  const from = UNITS[quoted.unit];
  const to = UNITS[claimed.unit];
  if (from && to) return from[0] === to[0] && roundsTo((value * from[1]) / to[1], target);
  if (to) return [...(DIMENSIONS.get(to[0]) ?? [])].some((factor) => roundsTo((value * factor) / to[1], target));
  return false;
}
