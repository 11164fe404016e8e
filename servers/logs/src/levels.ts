/** Severity, worst first. */
export const LEVELS = ["error", "warn", "info", "debug"] as const;
export type Level = (typeof LEVELS)[number];

/** How many events there are of each level. */
export type LevelCounts = Readonly<Record<Level, number>>;

/** 0 is the worst. */
export const severity = (level: Level): number => LEVELS.indexOf(level);

export const noEvents = (): Record<Level, number> => ({ error: 0, warn: 0, info: 0, debug: 0 });

export const totalEvents = (counts: LevelCounts): number => counts.error + counts.warn + counts.info + counts.debug;

/** What logging libraries and syslog (RFC 5424) call the four, in lower case. */
const NAMES: Readonly<Record<string, Level>> = {
  ...{ error: "error", err: "error", fatal: "error", critical: "error", crit: "error", severe: "error" },
  ...{ panic: "error", dpanic: "error", alert: "error", emerg: "error", emergency: "error", e: "error", f: "error" },
  ...{ warn: "warn", warning: "warn", w: "warn" },
  ...{ info: "info", information: "info", informational: "info", notice: "info", config: "info", i: "info" },
  ...{ debug: "debug", trace: "debug", verbose: "debug", fine: "debug", finer: "debug", finest: "debug", d: "debug" },
};

/** A line's level as one of the four; numbers are read as pino and bunyan write them. Undefined when it has none. */
export function readLevel(value: unknown): Level | undefined {
  const numeric =
    typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : Number.NaN;
  if (numeric >= 10) return numeric >= 50 ? "error" : numeric >= 40 ? "warn" : numeric >= 30 ? "info" : "debug";
  if (typeof value !== "string") return undefined;
  const name = value.trim().toLowerCase();
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
