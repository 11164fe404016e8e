import type { Meaning } from "./role.ts";
import { unitOf } from "./unit.ts";

interface Signal {
  readonly signal: string;
  readonly meaning: Meaning;
}

export const isLatency = ({ meaning, signal }: Signal): boolean =>
  meaning.role === "symptom" && unitOf(signal) === "seconds";
export const isError = (one: Signal): boolean => one.meaning.role === "symptom" && !isLatency(one);
