import type { DestinationStream, Logger as PinoLogger } from "pino";

/** Structured logs for the operator, on stderr: stdout belongs to the protocol. */
export interface Logger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

export const LOG_LEVELS = ["error", "warn", "info", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const RANK: Record<LogLevel, number> = { info: 0, warn: 1, error: 2, silent: 3 };

/**
 * A logger that loads pino only when the first line is written, since most servers start and stop without one and
 * start-up time is counted. `destination` is stderr but in tests.
 */
export function createLogger(name: string, level: LogLevel = "warn", destination?: DestinationStream): Logger {
  let loaded: Promise<PinoLogger> | undefined;
  const load = async () => {
    const { pino } = await import("pino");
    const base = { "service.name": name };
    return pino(
      { level, base, timestamp: pino.stdTimeFunctions.isoTime },
      destination ?? pino.destination({ fd: 2, sync: true }),
    );
  };
  const write = (at: "info" | "warn" | "error") => (fields: Record<string, unknown>, message: string) => {
    if (RANK[at] < RANK[level]) return;
    loaded ??= load();
    void loaded.then((logger) => logger[at](fields, message));
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
