import { unitOf } from "../signals/unit.ts";

/** An instant as a person writes it: RFC 3339 in UTC, to the second. */
export const shortInstant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");

/** Three significant digits, never in scientific notation. */
export function threeDigits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1e-6) return String(rounded);
  return rounded.toFixed(12).replace(/0+$/, "").replace(/\.$/, "");
}

const BYTES = [
  [1024 ** 3, "GiB"],
  [1024 ** 2, "MiB"],
  [1024, "KiB"],
] as const;

/** A signal's value as a person would quote it: memory in MiB, all else in the unit its name ends with. */
export function formatValue(signal: string, value: number): string {
  const unit = unitOf(signal);
  const bytes = BYTES.find(([size]) => Math.abs(value) >= size);
  return unit === "bytes" && bytes ? `${threeDigits(value / bytes[0])} ${bytes[1]}` : threeDigits(value);
}

/** How many times the usual, to two digits; undefined when it is about 1, or when there was or is about nothing, so that it would say little. */
export function timesUsual(value: number, usual: number): number | undefined {
  if (usual <= 0 || value < 0) return undefined;
  const times = value / usual;
  if (times > 1e4 || times < 0.05 || (times > 0.8 && times < 1.1)) return undefined;
  return times >= 9.95 ? Math.round(times) : Math.round(times * 10) / 10;
}

/** `36x`, `3.0x`, `0.4x`. */
export function factor(value: number, usual: number): string | undefined {
  const times = timesUsual(value, usual);
  if (times === undefined) return undefined;
  return times >= 10 ? `${times}x` : `${times.toFixed(1)}x`;
}

/** `15 s`, `5 min`: a sampling period. */
export function period(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
