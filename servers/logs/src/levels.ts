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
  error: "error",
  eror: "error",
  err: "error",
  fatal: "error",
  ftl: "error",
  critical: "error",
  crit: "error",
  crt: "error",
  severe: "error",
  failure: "error",
  panic: "error",
  dpanic: "error",
  alert: "error",
  emerg: "error",
  emergency: "error",
  e: "error",
  f: "error",
  warn: "warn",
  warning: "warn",
  wrn: "warn",
  w: "warn",
  info: "info",
  inf: "info",
  information: "info",
  informational: "info",
  notice: "info",
  ntc: "info",
  config: "info",
  audit: "info",
  i: "info",
  debug: "debug",
  dbg: "debug",
  trace: "debug",
  trc: "debug",
  verbose: "debug",
  vrb: "debug",
  fine: "debug",
  finer: "debug",
  finest: "debug",
  d: "debug",
};

/** Numeric scales, each by the lowest number of a level, worst first. What stands in none of them is not known. */
const ERROR_TO_DEBUG = (error: number, warn: number, info: number, debug: number, most: number) =>
  [
    most,
    [
      ["error", error],
      ["warn", warn],
      ["info", info],
      ["debug", debug],
    ],
  ] as const;
/** OpenTelemetry's SeverityNumber, 1 to 24. https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const OPEN_TELEMETRY = ERROR_TO_DEBUG(17, 13, 9, 1, 24);
/** pino's and bunyan's. Python's logging has 20 for info, 30 for warnings and 40 for errors: see {@link readsTwoWays}. */
const PINO = ERROR_TO_DEBUG(50, 40, 30, 10, 60);
/** java.util.logging. */
const JUL = ERROR_TO_DEBUG(1_000, 900, 700, 300, 1_000);
/** Monolog's (PHP), which has RFC 5424's names. */
const MONOLOG = ERROR_TO_DEBUG(400, 300, 200, 100, 600);
/** log4j 1's and log4net's, in thousands. */
const LOG4J = ERROR_TO_DEBUG(40_000, 30_000, 20_000, 5_000, 50_000);

function scaleOf(number: number) {
  if (number >= 5_000) return LOG4J;
  if (number === 700 || number === 800 || number === 900 || number === 1_000) return JUL;
  if (number >= 100) return MONOLOG;
  if (number >= 10 && number % 10 === 0) return PINO;
  return number >= 8 ? OPEN_TELEMETRY : undefined;
}

function ofNumber(number: number): Level | undefined {
  // RFC 5424: 0 is the worst. OpenTelemetry's 1 to 7 are for debugging, and hardly ever shipped.
  if (number >= 0 && number <= 7) return number <= 3 ? "error" : number === 4 ? "warn" : number <= 6 ? "info" : "debug";
  const [most, steps] = scaleOf(number) ?? [Number.NEGATIVE_INFINITY, []];
  return number > most ? undefined : steps.find(([, from]) => number >= from)?.[0];
}

const numberIn = (value: unknown): number =>
  typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;

/** Whether a number means one level to pino and bunyan, as it is read here, and a worse one to Python's logging. */
export const readsTwoWays = (value: unknown): boolean => numberIn(value) === 30 || numberIn(value) === 40;

/** What is said of lines whose numeric level can be read two ways. */
export const TWO_WAYS =
  "lines have the level 30 or 40, read as pino and bunyan write it (info, warn); Python's logging means a warning and an error by it";

/**
 * A line's level as one of the four, whatever sender wrote it: a name, a name with brackets or an offset (`[error]`, slog's
 * `ERROR+4`, OpenTelemetry's `WARN2`), or a number of a scale that is known. Undefined when it is none.
 */
export function readLevel(value: unknown): Level | undefined {
  const number = numberIn(value);
  if (Number.isInteger(number)) return ofNumber(number);
  if (typeof value !== "string") return undefined;
  const [, name = ""] =
    /^[^a-z]*?(?:log_|level_|sev(?:erity)?_)?([a-z]+)(?:[+-]?\d+)?[^a-z0-9]*$/.exec(value.trim().toLowerCase()) ?? [];
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** How far into a line its level may stand, in characters: after a time, a host and a process. */
const MAX_HEAD = 160;
const LOGFMT = /(?:^|[\s,{"])(?:level|lvl|severity|loglevel)"?\s*[=:]\s*"?([A-Za-z]{1,13}(?:[+-]?\d+)?)\b/i;
/** `E1123 07:16:00.813426       1 server.go:107]` (klog, glog). */
const KLOG = /^([IWEF])\d{4} \d{2}:\d{2}:\d{2}/;
/** `[error]`, `<warn>`. */
const BRACKETED = /[[<]\s*([A-Za-z]{3,13})\s*[\]>]/g;
/** `2026-11-23 07:16:00,123 ERROR`, `ERROR: `: a level's name in capitals among the words before the message. */
const CAPITALS = /(?:^|[\s|])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL|PANIC)(?=[\s:|]|$)/;

/** The level that a line's own text states, where it has no field for it. Undefined when it states none. */
export function levelInText(message: string): Level | undefined {
  const head = message.slice(0, MAX_HEAD);
  const stated = [
    LOGFMT.exec(head)?.[1],
    KLOG.exec(head)?.[1],
    ...[...head.matchAll(BRACKETED)].map(([, name]) => name),
    CAPITALS.exec(head)?.[1],
  ];
  for (const name of stated) {
    const level = name === undefined ? undefined : readLevel(name);
    if (level !== undefined) return level;
  }
  return undefined;
}
